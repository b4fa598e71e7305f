namespace ModelOperator.Kubernetes.Tests.Queue;

/// <summary>What a work queue promises, in lists and by search; times in milliseconds.</summary>
internal sealed class QueueModel
{
    private readonly List<Waiting> _ready = [];
    private readonly Dictionary<int, (long Due, int Priority)> _delayed = [];
    private readonly Dictionary<int, int> _inHand = [];
    private readonly Dictionary<int, int> _again = [];
    private readonly Dictionary<int, int> _failures = [];
    private long _now;
    private long _arrivals;
    private int _takes;

    public int ReadyCount => _ready.Count;

    public bool IsInHand(int key) => _inHand.ContainsKey(key);

    public void Add(int key, int priority) => Add(key, priority, ++_arrivals);

    private void Add(int key, int priority, long arrival)
    {
        if (_delayed.Remove(key, out var delayed))
        {
            priority = Math.Max(priority, delayed.Priority);
        }

        if (_inHand.ContainsKey(key))
        {
            _again[key] = Math.Max(priority, _again.GetValueOrDefault(key, int.MinValue));
        }
        else if (_ready.Find(waiting => waiting.Key == key) is not { } known)
        {
            _ready.Add(new Waiting(key, priority, arrival));
        }
        else if (priority > known.Priority)
        {
            _ready.Remove(known);
            _ready.Add(new Waiting(key, priority, arrival));
        }
    }

    public void AddAfter(int key, long delay, int priority)
    {
        if (delay <= 0)
        {
            Add(key, priority);
            return;
        }

        var isNew = !_delayed.TryGetValue(key, out var known);
        _delayed[key] = isNew ? (_now + delay, priority) : (Math.Min(_now + delay, known.Due), Math.Max(priority, known.Priority));
    }

    public void AddRateLimited(int key)
    {
        _failures[key] = _failures.GetValueOrDefault(key) + 1;
        AddAfter(key, Math.Min(5L << (_failures[key] - 1), 1_000_000), _inHand[key]);
    }

    public void Forget(int key) => _failures.Remove(key);

    public void Done(int key)
    {
        _inHand.Remove(key);
        if (_again.Remove(key, out var priority))
        {
            _ready.Add(new Waiting(key, priority, ++_arrivals));
        }
    }

    public void Advance(long by)
    {
        _now += by;
        // Keys that fall due at the same instant arrive together, in no order.
        foreach (var together in _delayed.Where(pair => pair.Value.Due <= _now).OrderBy(pair => pair.Value.Due).ToLookup(pair => pair.Value.Due))
        {
            var arrival = ++_arrivals;
            foreach (var (key, (_, priority)) in together)
            {
                Add(key, priority, arrival);
            }
        }
    }

    /// <summary>Whether the queue may have given this key; takes it.</summary>
    public bool Allows(bool hasKey, int key)
    {
        if (!hasKey || _ready.Count == 0)
        {
            return !hasKey && _ready.Count == 0;
        }

        if (_ready.Find(waiting => waiting.Key == key) is not { } taken)
        {
            return false;
        }

        // Every eighth turn goes to whoever has waited longest, the others to the highest priority.
        var isFair = ++_takes % 8 == 0;
        var eligible = isFair ? _ready : _ready.FindAll(waiting => waiting.Priority == _ready.Max(other => other.Priority));
        var isDue = eligible.Contains(taken) && eligible.TrueForAll(waiting => waiting.Arrival >= taken.Arrival);
        _ready.Remove(taken);
        return isDue && _inHand.TryAdd(key, taken.Priority);
    }

    private sealed record Waiting(int Key, int Priority, long Arrival);
}
