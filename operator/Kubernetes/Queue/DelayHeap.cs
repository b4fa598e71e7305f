using System.Diagnostics.CodeAnalysis;

namespace ModelOperator.Kubernetes.Queue;

/// <summary>Keys that wait for a time; of several times for a key the earliest counts. Not thread-safe.</summary>
internal sealed class DelayHeap<TKey>
    where TKey : notnull
{
    private readonly PriorityQueue<TKey, long> heap = new();
    private readonly Dictionary<TKey, long> dueTimes = [];

    /// <summary>The number of keys that wait.</summary>
    public int Count => dueTimes.Count;

    /// <param name="key">The key.</param>
    /// <param name="due">When it is due, on the scale of the caller's clock.</param>
    public void Add(TKey key, long due)
    {
        if (dueTimes.TryGetValue(key, out var earlier) && earlier <= due)
        {
            return;
        }

        // What stands in the heap for a later time is passed over when it comes up.
        dueTimes[key] = due;
        heap.Enqueue(key, due);
    }

    /// <summary>Takes a key that is due.</summary>
    public bool TryTake(long now, [MaybeNullWhen(false)] out TKey key)
    {
        if (NextDue() is { } due && due <= now)
        {
            key = heap.Dequeue();
            dueTimes.Remove(key);
            return true;
        }

        key = default;
        return false;
    }

    /// <summary>When the next key is due; null when none waits.</summary>
    public long? NextDue()
    {
        while (heap.TryPeek(out var key, out var due))
        {
            if (dueTimes.TryGetValue(key, out var current) && current == due)
            {
                return due;
            }

            heap.Dequeue();
        }

        return null;
    }
}
