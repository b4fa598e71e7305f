namespace ModelOperator.Kubernetes.Informers;

/// <summary>Objects by a value computed from them. Not thread-safe.</summary>
internal sealed class StoreIndex<T>(Func<T, IEnumerable<string>> valuesOf)
{
    private readonly Dictionary<string, Dictionary<ObjectKey, T>> _byValue = new(StringComparer.Ordinal);

    public void Add(ObjectKey key, T entity)
    {
        foreach (var value in valuesOf(entity))
        {
            if (!_byValue.TryGetValue(value, out var members))
            {
                _byValue[value] = members = [];
            }

            members[key] = entity;
        }
    }

    public void Remove(ObjectKey key, T entity)
    {
        foreach (var value in valuesOf(entity))
        {
            if (_byValue.TryGetValue(value, out var members) && members.Remove(key) && members.Count == 0)
            {
                _byValue.Remove(value);
            }
        }
    }

    public IReadOnlyList<T> Find(string value) => _byValue.TryGetValue(value, out var members) ? [.. members.Values] : [];
}
