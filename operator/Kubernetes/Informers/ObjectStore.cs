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

    /// <summary>Puts an object in and adds what that changed; an object of another UID is another object.</summary>
    public void Upsert(T entity, List<InformerEvent<T>> changes)
    {
        lock (_gate)
        {
            UpsertLocked(entity, isInitialList: false, changes);
        }
    }

    /// <summary>Takes an object out and adds what that changed.</summary>
    public void Remove(T last, List<InformerEvent<T>> changes)
    {
        lock (_gate)
        {
            if (RemoveLocked(last.Key()) is not null)
            {
                // The event carries the final state; it is worth more than what was known.
                changes.Add(new InformerEvent<T>(WatchEventType.Deleted, last, null, IsInitialList: false));
            }
        }
    }

    /// <summary>Makes the store hold exactly these objects, besides those that stay as they are, and adds what that changed, deletions first.</summary>
    public void Replace(IReadOnlyList<T> entities, IReadOnlySet<ObjectKey> staying, bool isInitialList, List<InformerEvent<T>> changes)
    {
        var present = entities.Select(entity => entity.Key()).ToHashSet();
        lock (_gate)
        {
            foreach (var key in _objects.Keys.Where(key => !present.Contains(key) && !staying.Contains(key)).ToList())
            {
                changes.Add(new InformerEvent<T>(WatchEventType.Deleted, RemoveLocked(key)!, null, isInitialList) { IsFinalStateUnknown = true });
            }

            _objects.EnsureCapacity(entities.Count);
            foreach (var entity in entities)
            {
                UpsertLocked(entity, isInitialList, changes);
            }
        }
    }

    private void UpsertLocked(T entity, bool isInitialList, List<InformerEvent<T>> changes)
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
            changes.Add(new InformerEvent<T>(WatchEventType.Added, entity, null, isInitialList));
        }
        else if (previous.Uid() != entity.Uid())
        {
            changes.Add(new InformerEvent<T>(WatchEventType.Deleted, previous, null, isInitialList) { IsFinalStateUnknown = true });
            changes.Add(new InformerEvent<T>(WatchEventType.Added, entity, null, isInitialList));
        }
        else if (previous.ResourceVersion() is not { } version || version != entity.ResourceVersion())
        {
            changes.Add(new InformerEvent<T>(WatchEventType.Modified, entity, previous, isInitialList));
        }
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
