using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Kubernetes.Informers;

/// <summary>Objects by key, with indexes. Reads from any thread; one writer.</summary>
internal sealed class ObjectStore<T>
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    private const string NamespaceIndex = "\0namespace";

    private readonly Lock _gate = new();
    private readonly Dictionary<ObjectKey, T> _objects = [];
    private readonly Dictionary<string, StoreIndex<T>> _indexes = new(StringComparer.Ordinal)
    {
        [NamespaceIndex] = new StoreIndex<T>(entity => [entity.Namespace() ?? ""]),
    };

    public void AddIndex(string name, Func<T, IEnumerable<string>> valuesOf) => _indexes.Add(name, new StoreIndex<T>(valuesOf));

    public T? Get(ObjectKey key)
    {
        lock (_gate)
        {
            return _objects.GetValueOrDefault(key);
        }
    }

    public IReadOnlyList<T> List(string? namespaceName)
    {
        if (namespaceName is not null)
        {
            return ByIndex(NamespaceIndex, namespaceName);
        }

        lock (_gate)
        {
            return [.. _objects.Values];
        }
    }

    /// <exception cref="ArgumentException">There is no such index.</exception>
    public IReadOnlyList<T> ByIndex(string indexName, string value)
    {
        if (!_indexes.TryGetValue(indexName, out var index))
        {
            throw new ArgumentException($"{typeof(T).Name} has no index \"{indexName}\"", nameof(indexName));
        }

        lock (_gate)
        {
            return index.Find(value);
        }
    }

    /// <summary>Puts an object in and says what that changed; an object of another UID is another object.</summary>
    public IReadOnlyList<InformerEvent<T>> Upsert(T entity)
    {
        lock (_gate)
        {
            return UpsertLocked(entity, isInitialList: false);
        }
    }

    /// <summary>Takes an object out and says what that changed.</summary>
    public IReadOnlyList<InformerEvent<T>> Remove(T last)
    {
        lock (_gate)
        {
            // The event carries the final state; it is worth more than what was known.
            return RemoveLocked(last.Key()) is null ? [] : [new InformerEvent<T>(WatchEventType.Deleted, last, null, false)];
        }
    }

    /// <summary>Makes the store hold exactly these objects and says what that changed, deletions first.</summary>
    public IReadOnlyList<InformerEvent<T>> Replace(IReadOnlyList<T> entities, bool isInitialList)
    {
        var events = new List<InformerEvent<T>>();
        var present = entities.Select(entity => entity.Key()).ToHashSet();
        lock (_gate)
        {
            foreach (var key in _objects.Keys.Where(key => !present.Contains(key)).ToList())
            {
                events.Add(new InformerEvent<T>(WatchEventType.Deleted, RemoveLocked(key)!, null, isInitialList));
            }

            foreach (var entity in entities)
            {
                events.AddRange(UpsertLocked(entity, isInitialList));
            }
        }

        return events;
    }

    private List<InformerEvent<T>> UpsertLocked(T entity, bool isInitialList)
    {
        var key = entity.Key();
        var previous = RemoveLocked(key);
        _objects[key] = entity;
        foreach (var index in _indexes.Values)
        {
            index.Add(key, entity);
        }

        if (previous is null)
        {
            return [new InformerEvent<T>(WatchEventType.Added, entity, null, isInitialList)];
        }

        if (previous.Uid() != entity.Uid())
        {
            return
            [
                new InformerEvent<T>(WatchEventType.Deleted, previous, null, isInitialList),
                new InformerEvent<T>(WatchEventType.Added, entity, null, isInitialList),
            ];
        }

        return previous.ResourceVersion() is { } version && version == entity.ResourceVersion()
            ? []
            : [new InformerEvent<T>(WatchEventType.Modified, entity, previous, isInitialList)];
    }

    private T? RemoveLocked(ObjectKey key)
    {
        if (_objects.Remove(key, out var entity))
        {
            foreach (var index in _indexes.Values)
            {
                index.Remove(key, entity);
            }
        }

        return entity;
    }
}
