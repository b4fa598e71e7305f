using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Json;

namespace ModelOperator.DevCluster.ApiServer.Storage;

/// <summary>
/// All objects, in memory, under one increasing revision. A write is a compare-and-swap against the version the writer read;
/// reads take an immutable snapshot and never wait for a writer.
/// </summary>
internal sealed class ObjectStore(int historyLength)
{
    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<string, ImmutableSortedDictionary<ObjectKey, StoredObject>> _resources = new();
    private readonly ConcurrentDictionary<string, ChangeLog> _logs = new();

    /// <summary>The revision of the last write.</summary>
    public long Revision { get; private set; } = 1;

    public StoredObject? Get(string resource, ObjectKey key) =>
        _resources.TryGetValue(resource, out var objects) ? objects.GetValueOrDefault(key) : null;

    public Snapshot List(string resource)
    {
        lock (_gate)
        {
            return new Snapshot(Revision, Objects(resource));
        }
    }

    public ChangeLog Log(string resource) => _logs.GetOrAdd(resource, _ => new ChangeLog(historyLength));

    /// <summary>Writes <paramref name="next"/> if the object is still <paramref name="expected"/>; null: if it does not exist.</summary>
    /// <returns>The version written, or null when someone else wrote first.</returns>
    public StoredObject? TryCommit(string resource, ObjectKey key, StoredObject? expected, JsonObject next)
    {
        lock (_gate)
        {
            var objects = Objects(resource);
            if (!ReferenceEquals(objects.GetValueOrDefault(key), expected))
            {
                return null;
            }

            var stored = Stamp(key, next);
            _resources[resource] = objects.SetItem(key, stored);
            Log(resource).Append(new Change(stored.Revision, expected is null ? ChangeType.Added : ChangeType.Modified, stored, expected));
            return stored;
        }
    }

    /// <summary>Deletes an object if it is still <paramref name="expected"/>; watchers see <paramref name="lastState"/>.</summary>
    /// <returns>The last state, stamped with the revision of the delete, or null when someone else wrote first.</returns>
    public StoredObject? TryDelete(string resource, StoredObject expected, JsonObject lastState)
    {
        lock (_gate)
        {
            var objects = Objects(resource);
            if (!ReferenceEquals(objects.GetValueOrDefault(expected.Key), expected))
            {
                return null;
            }

            var stored = Stamp(expected.Key, lastState);
            _resources[resource] = objects.Remove(expected.Key);
            Log(resource).Append(new Change(stored.Revision, ChangeType.Deleted, stored, expected));
            return stored;
        }
    }

    /// <summary>Drops a resource that is no longer served and ends its watches.</summary>
    public void Remove(string resource)
    {
        lock (_gate)
        {
            _resources.TryRemove(resource, out _);
            if (_logs.TryRemove(resource, out var log))
            {
                log.Close();
            }
        }
    }

    /// <summary>Forgets the history of every resource up to now.</summary>
    public void Compact()
    {
        lock (_gate)
        {
            foreach (var log in _logs.Values)
            {
                log.Compact(Revision);
            }
        }
    }

    private ImmutableSortedDictionary<ObjectKey, StoredObject> Objects(string resource) =>
        _resources.GetValueOrDefault(resource, ImmutableSortedDictionary<ObjectKey, StoredObject>.Empty);

    private StoredObject Stamp(ObjectKey key, JsonObject content)
    {
        content.Metadata()["resourceVersion"] = (++Revision).ToString();
        return new StoredObject(key, Revision, content);
    }
}
