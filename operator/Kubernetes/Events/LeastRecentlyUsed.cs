using System.Diagnostics.CodeAnalysis;

namespace ModelOperator.Kubernetes.Events;

/// <summary>A map of limited size that drops what was used longest ago. Not safe for several threads.</summary>
internal sealed class LeastRecentlyUsed<TKey, TValue>(int capacity)
    where TKey : notnull
{
    private readonly Dictionary<TKey, LinkedListNode<(TKey Key, TValue Value)>> _nodes = new(capacity);
    private readonly LinkedList<(TKey Key, TValue Value)> _newestFirst = new();

    public int Count => _nodes.Count;

    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        if (!_nodes.TryGetValue(key, out var node))
        {
            value = default;
            return false;
        }

        _newestFirst.Remove(node);
        _newestFirst.AddFirst(node);
        value = node.Value.Value;
        return true;
    }

    public void Set(TKey key, TValue value)
    {
        if (_nodes.Remove(key, out var old))
        {
            _newestFirst.Remove(old);
        }
        else if (_nodes.Count == capacity)
        {
            _nodes.Remove(_newestFirst.Last!.Value.Key);
            _newestFirst.RemoveLast();
        }

        _nodes.Add(key, _newestFirst.AddFirst((key, value)));
    }
}
