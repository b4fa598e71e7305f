using System.Diagnostics.CodeAnalysis;

namespace ModelOperator.Kubernetes.Queue;

/// <summary>
/// Keys that wait for a time; of several times for a key the earliest counts, of several priorities the highest. Not
/// thread-safe.
/// </summary>
internal sealed class DelayHeap<TKey>
    where TKey : notnull
{
    private const int MostPassedOver = 64;

    private readonly PriorityQueue<TKey, long> _heap = new();
    private readonly Dictionary<TKey, (long Due, int Priority)> _waiting = [];

    /// <summary>The number of keys that wait.</summary>
    public int Count => _waiting.Count;

    /// <param name="key">The key.</param>
    /// <param name="due">When it is due, on the scale of the caller's clock.</param>
    /// <param name="priority">Its priority then.</param>
    public void Add(TKey key, long due, int priority)
    {
        var isNew = !_waiting.TryGetValue(key, out var known);
        _waiting[key] = isNew ? (due, priority) : (Math.Min(due, known.Due), Math.Max(priority, known.Priority));

        // What stands in the heap for a later time, or was taken early, is passed over when it comes up.
        if (isNew || due < known.Due)
        {
            _heap.Enqueue(key, due);
        }

        if (_heap.Count > (2 * _waiting.Count) + MostPassedOver)
        {
            _heap.Clear();
            foreach (var (waiting, (time, _)) in _waiting)
            {
                _heap.Enqueue(waiting, time);
            }
        }
    }

    /// <summary>Takes a key that is due.</summary>
    public bool TryTake(long now, [MaybeNullWhen(false)] out TKey key, out int priority)
    {
        if (NextDue() is { } due && due <= now)
        {
            key = _heap.Dequeue();
            _waiting.Remove(key, out var waiting);
            priority = waiting.Priority;
            return true;
        }

        (key, priority) = (default, 0);
        return false;
    }

    /// <summary>Takes a key before its time, if it waits, because it is wanted now.</summary>
    public bool TryTakeEarly(TKey key, out int priority)
    {
        var waits = _waiting.Remove(key, out var waiting);
        priority = waiting.Priority;
        return waits;
    }

    /// <summary>When the next key is due; null when none waits.</summary>
    public long? NextDue()
    {
        while (_heap.TryPeek(out var key, out var due))
        {
            if (_waiting.TryGetValue(key, out var current) && current.Due == due)
            {
                return due;
            }

            _heap.Dequeue();
        }

        return null;
    }
}
