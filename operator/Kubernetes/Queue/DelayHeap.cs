using System.Diagnostics.CodeAnalysis;

namespace ModelOperator.Kubernetes.Queue;

/// <summary>Keys that wait for a time; of several times for a key the earliest counts. Not thread-safe.</summary>
internal sealed class DelayHeap<TKey>
    where TKey : notnull
{
    private readonly PriorityQueue<TKey, long> _heap = new();
    private readonly Dictionary<TKey, long> _dueTimes = [];

    /// <summary>The number of keys that wait.</summary>
    public int Count => _dueTimes.Count;

    /// <param name="key">The key.</param>
    /// <param name="due">When it is due, on the scale of the caller's clock.</param>
    public void Add(TKey key, long due)
    {
        if (_dueTimes.TryGetValue(key, out var earlier) && earlier <= due)
        {
            return;
        }

        // What stands in the heap for a later time is passed over when it comes up.
        _dueTimes[key] = due;
        _heap.Enqueue(key, due);
    }

    /// <summary>Takes a key that is due.</summary>
    public bool TryTake(long now, [MaybeNullWhen(false)] out TKey key)
    {
        if (NextDue() is { } due && due <= now)
        {
            key = _heap.Dequeue();
            _dueTimes.Remove(key);
            return true;
        }

        key = default;
        return false;
    }

    /// <summary>When the next key is due; null when none waits.</summary>
    public long? NextDue()
    {
        while (_heap.TryPeek(out var key, out var due))
        {
            if (_dueTimes.TryGetValue(key, out var current) && current == due)
            {
                return due;
            }

            _heap.Dequeue();
        }

        return null;
    }
}
