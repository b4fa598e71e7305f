using System.Diagnostics.CodeAnalysis;

namespace ModelOperator.Kubernetes.Queue;

/// <summary>
/// Keys in order of priority and, within one, of arrival; every so often the one that has waited longest goes first, so
/// that none starves. Few priorities are expected. Not thread-safe.
/// </summary>
internal sealed class PriorityBands<TKey>
{
    // The share of turns that belongs to whoever has waited longest.
    private const int FairTurn = 8;

    private readonly List<Band> _bands = [];
    private int _turn;

    /// <summary>The priorities seen so far, highest first, with the number of keys in each.</summary>
    public IReadOnlyList<Band> Bands => _bands;

    /// <param name="key">The key.</param>
    /// <param name="priority">Its priority.</param>
    /// <param name="ticket">Higher than any before.</param>
    public void Add(TKey key, int priority, long ticket)
    {
        var index = 0;
        while (index < _bands.Count && _bands[index].Priority > priority)
        {
            index++;
        }

        if (index == _bands.Count || _bands[index].Priority != priority)
        {
            _bands.Insert(index, new Band(priority));
        }

        _bands[index].Waiting.Enqueue((key, ticket));
        _bands[index].Count++;
    }

    /// <summary>A key that was added with this priority is so no more: it is passed over when its turn comes.</summary>
    public void Retract(int priority) => Find(priority).Count--;

    /// <summary>Takes the key whose turn it is.</summary>
    /// <param name="isCurrent">Says of a key and its ticket whether it was not retracted.</param>
    /// <param name="key">The key.</param>
    public bool TryTake(Func<TKey, long, bool> isCurrent, [MaybeNullWhen(false)] out TKey key)
    {
        Band? chosen = null;
        var isFair = ++_turn % FairTurn == 0;
        foreach (var band in _bands)
        {
            while (band.Waiting.TryPeek(out var head) && !isCurrent(head.Key, head.Ticket))
            {
                band.Waiting.Dequeue();
            }

            if (band.Count > 0 && (chosen is null || (isFair && band.Waiting.Peek().Ticket < chosen.Waiting.Peek().Ticket)))
            {
                chosen = band;
            }
        }

        if (chosen is null)
        {
            key = default;
            return false;
        }

        key = chosen.Waiting.Dequeue().Key;
        chosen.Count--;
        return true;
    }

    private Band Find(int priority) => _bands.Find(band => band.Priority == priority)!;

    /// <summary>The keys of one priority.</summary>
    public sealed class Band(int priority)
    {
        public int Priority { get; } = priority;

        /// <summary>How many wait, those retracted not counted.</summary>
        public int Count { get; set; }

        public Queue<(TKey Key, long Ticket)> Waiting { get; } = new();
    }
}
