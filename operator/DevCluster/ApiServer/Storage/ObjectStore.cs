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
    private long _revision = 1;

    /// <summary>The revision of the last write. Every write up to it is in its log.</summary>
    public long Revision
    {
        get
        {
            lock (_gate)
            {
                return _revision;
            }
        }
    }

    public StoredObject? Get(string resource, ObjectKey key) =>
        _resources.TryGetValue(resource, out var objects) ? objects.GetValueOrDefault(key) : null;

    public Snapshot List(string resource)
    {
        lock (_gate)
        {
            return new Snapshot(_revision, Objects(resource));
        }
    }

    /// <summary>The objects as of an earlier revision, found by undoing what was written since; null when that is no longer known.</summary>
    public Snapshot? Rewind(string resource, long revision)
    {
        var log = Log(resource);
        lock (_gate)
        {
            if (log.Since(revision) is not { } changes)
            {
                return null;
            }

            var objects = Objects(resource);
            foreach (var change in changes.Reverse())
            {
                objects = change.Previous is { } previous ? objects.SetItem(previous.Key, previous) : objects.Remove(change.Object.Key);
            }

            return new Snapshot(revision, objects);
        }
    }

    public ChangeLog Log(string resource) => _logs.GetOrAdd(resource, _ => new ChangeLog(historyLength));

    /// <summary>Writes <paramref name="next"/> if the object is still <paramref name="expected"/>; null: if it does not exist.</summary>
    /// <returns>The version written, or null when someone else wrote first.</returns>
    public StoredObject? TryCommit(string resource, ObjectKey key, StoredObject? expected, JsonObject next) =>
        TryWrite(resource, key, expected, next, expected is null ? ChangeType.Added : ChangeType.Modified);

    /// <summary>Deletes an object if it is still <paramref name="expected"/>; watchers see <paramref name="lastState"/>.</summary>
    /// <returns>The last state, stamped with the revision of the delete, or null when someone else wrote first.</returns>
    public StoredObject? TryDelete(string resource, StoredObject expected, JsonObject lastState) =>
        TryWrite(resource, expected.Key, expected, lastState, ChangeType.Deleted);

    /// <summary>Drops a resource that is no longer served and ends its watches.</summary>
    public void Remove(string resource)
    {
        lock (_gate)
        {
            _resources.TryRemove(resource, out _);
        }

        if (_logs.TryRemove(resource, out var log))
        {
            log.Close();
        }
    }

    /// <summary>Forgets the history of every resource up to now.</summary>
    public void Compact()
    {
        lock (_gate)
        {
            foreach (var log in _logs.Values)
            {
                log.Compact(_revision);
            }
        }
    }

    private StoredObject? TryWrite(string resource, ObjectKey key, StoredObject? expected, JsonObject next, ChangeType type)
    {
        var log = Log(resource);
        StoredObject stored;
        lock (_gate)
        {
            var objects = Objects(resource);
            if (!ReferenceEquals(objects.GetValueOrDefault(key), expected))
            {
                return null;
            }

            next.Metadata()["resourceVersion"] = (++_revision).ToString();
            stored = new StoredObject(key, _revision, next);
            _resources[resource] = type == ChangeType.Deleted ? objects.Remove(key) : objects.SetItem(key, stored);
            log.Append(new Change(stored.Revision, type, stored, expected));
        }

        log.Wake();
        return stored;
    }

    /// <summary>The objects of a resource now; the same instance for as long as none is written.</summary>
    public ImmutableSortedDictionary<ObjectKey, StoredObject> Objects(string resource) =>
        _resources.GetValueOrDefault(resource, ImmutableSortedDictionary<ObjectKey, StoredObject>.Empty);
}
