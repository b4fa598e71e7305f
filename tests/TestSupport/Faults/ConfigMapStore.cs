using System.Globalization;
using System.Threading.Channels;

namespace ModelOperator.TestSupport.Faults;

/// <summary>ConfigMaps with the versions, the history and the compaction of an API server.</summary>
public sealed class ConfigMapStore
{
    private const int MaxHistory = 10_000;
    private const int MaxSnapshots = 64;

    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, (long Version, string Value, string Json)> _objects = new(StringComparer.Ordinal);
    private readonly Queue<(long Version, string Line)> _history = new();
    private readonly Dictionary<string, (long Version, string[] Items)> _snapshots = new(StringComparer.Ordinal);
    private readonly HashSet<Channel<WatchItem>> _watches = [];
    private long _version = 100;
    private long _compactedTo = 100;

    /// <summary>The version of the last change.</summary>
    public long Version
    {
        get
        {
            lock (_gate)
            {
                return _version;
            }
        }
    }

    /// <summary>How many watches are open.</summary>
    public int OpenWatches
    {
        get
        {
            lock (_gate)
            {
                return _watches.Count;
            }
        }
    }

    /// <summary>Creates or changes <c>namespace/name</c> and returns its version.</summary>
    public long Put(string key, string value)
    {
        lock (_gate)
        {
            var type = _objects.ContainsKey(key) ? "MODIFIED" : "ADDED";
            var json = ConfigMap(key, ++_version, value);
            _objects[key] = (_version, value, json);
            Publish(type, json);
            return _version;
        }
    }

    /// <summary>Deletes <c>namespace/name</c>; false when it does not exist.</summary>
    public bool Delete(string key)
    {
        lock (_gate)
        {
            if (!_objects.Remove(key, out var last))
            {
                return false;
            }

            Publish("DELETED", ConfigMap(key, ++_version, last.Value));
            return true;
        }
    }

    /// <summary>What is there now: key, version and value.</summary>
    public IReadOnlyDictionary<string, (long Version, string Value)> Snapshot()
    {
        lock (_gate)
        {
            return _objects.ToDictionary(pair => pair.Key, pair => (pair.Value.Version, pair.Value.Value), StringComparer.Ordinal);
        }
    }

    /// <summary>Forgets history: watches and pages from before now are answered with 410.</summary>
    public void Compact()
    {
        lock (_gate)
        {
            _history.Clear();
            _snapshots.Clear();
            _compactedTo = _version;
        }
    }

    /// <summary>Tells every open watch the current version.</summary>
    public void SendBookmarks()
    {
        lock (_gate)
        {
            SendToWatches(new WatchItem(Bookmark(_version, isInitialEnd: false), Fault: null));
        }
    }

    /// <summary>Lets every open watch meet a fault.</summary>
    public void BreakWatches(Fault fault)
    {
        lock (_gate)
        {
            SendToWatches(new WatchItem(Line: null, fault));
        }
    }

    internal string? Get(string key)
    {
        lock (_gate)
        {
            return _objects.TryGetValue(key, out var found) ? found.Json : null;
        }
    }

    /// <summary>A page of the list; null when the snapshot that it continues is gone.</summary>
    internal string? List(string? namespaceName, int limit, string? next)
    {
        lock (_gate)
        {
            var offset = 0;
            var id = "";
            (long Version, string[] Items) snapshot;
            if (next is not null)
            {
                var parts = next.Split('.');
                (id, offset) = (parts[0], int.Parse(parts[1], CultureInfo.InvariantCulture));
                if (!_snapshots.TryGetValue(id, out snapshot))
                {
                    return null;
                }
            }
            else
            {
                snapshot = (_version, [.. _objects.Where(pair => IsIn(namespaceName, pair.Key)).Select(pair => pair.Value.Json)]);
            }

            var count = Math.Min(limit, snapshot.Items.Length - offset);
            var rest = "";
            if (offset + count < snapshot.Items.Length)
            {
                if (id.Length == 0)
                {
                    id = string.Create(CultureInfo.InvariantCulture, $"s{_version}x{_snapshots.Count}");
                    if (_snapshots.Count >= MaxSnapshots)
                    {
                        _snapshots.Clear();
                    }

                    _snapshots[id] = snapshot;
                }

                rest = $"{id}.{offset + count}";
            }

            var items = string.Join(',', snapshot.Items.AsSpan(offset, count)!);
            return $$"""{"kind":"ConfigMapList","apiVersion":"v1","metadata":{"resourceVersion":"{{snapshot.Version}}","continue":"{{rest}}"},"items":[{{items}}]}""";
        }
    }

    /// <summary>Opens a watch; null when the version is no longer in the history.</summary>
    internal Channel<WatchItem>? Watch(string? namespaceName, long? fromVersion, bool sendsInitialEvents)
    {
        lock (_gate)
        {
            if (!sendsInitialEvents && fromVersion < _compactedTo && fromVersion > 0)
            {
                return null;
            }

            var watch = Channel.CreateUnbounded<WatchItem>();
            if (sendsInitialEvents || fromVersion is null or 0)
            {
                foreach (var (key, found) in _objects)
                {
                    if (IsIn(namespaceName, key))
                    {
                        watch.Writer.TryWrite(new WatchItem(Event("ADDED", found.Json), Fault: null));
                    }
                }
            }
            else
            {
                foreach (var change in _history.Where(change => change.Version > fromVersion))
                {
                    watch.Writer.TryWrite(new WatchItem(change.Line, Fault: null));
                }
            }

            if (sendsInitialEvents)
            {
                watch.Writer.TryWrite(new WatchItem(Bookmark(_version, isInitialEnd: true), Fault: null));
            }

            _watches.Add(watch);
            return watch;
        }
    }

    internal void Close(Channel<WatchItem> watch)
    {
        lock (_gate)
        {
            _watches.Remove(watch);
        }
    }

    internal static string ConfigMap(string key, long version, string value)
    {
        var parts = key.Split('/');
        return ConfigMap(parts[0], parts[1], version, value);
    }

    internal static string ConfigMap(string namespaceName, string name, long version, string value) =>
        $$$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"{{{name}}}","namespace":"{{{namespaceName}}}","uid":"uid-{{{name}}}","resourceVersion":"{{{version}}}"},"data":{"v":"{{{value}}}"}}""";

    internal static string Event(string type, string json) => $$"""{"type":"{{type}}","object":{{json}}}""";

    private static string Bookmark(long version, bool isInitialEnd)
    {
        var annotations = isInitialEnd ? ""","annotations":{"k8s.io/initial-events-end":"true"}""" : "";
        return Event("BOOKMARK", $$$"""{"kind":"ConfigMap","apiVersion":"v1","metadata":{"resourceVersion":"{{{version}}}","creationTimestamp":null{{{annotations}}}}}""");
    }

    private static bool IsIn(string? namespaceName, string key) =>
        namespaceName is null || key.StartsWith(namespaceName + "/", StringComparison.Ordinal);

    private void Publish(string type, string json)
    {
        var line = Event(type, json);
        _history.Enqueue((_version, line));
        while (_history.Count > MaxHistory)
        {
            _compactedTo = _history.Dequeue().Version;
        }

        SendToWatches(new WatchItem(line, Fault: null));
    }

    private void SendToWatches(WatchItem item)
    {
        foreach (var watch in _watches)
        {
            watch.Writer.TryWrite(item);
        }
    }
}
