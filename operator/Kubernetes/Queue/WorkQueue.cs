using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ModelOperator.Kubernetes.Queue;

/// <summary>
/// Keys to be worked on, with client-go's promises: a key that is added while it waits waits once; a key that is
/// added while it is worked on is worked on again afterwards; no key is ever with two workers; none is lost. Of several
/// additions the highest priority and the earliest time count, as in controller-runtime. Adding, taking and finishing
/// a key allocate nothing.
/// </summary>
public sealed class WorkQueue<TKey> : IQueueGauges, IDisposable
    where TKey : notnull
{
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(1);

    private readonly TimeProvider _timeProvider;
    private readonly ExponentialBackoff _backoff;
    private readonly QueueInstruments? _instruments;
    private readonly Lock _gate = new();
    private readonly Dictionary<TKey, Item> _items = [];
    private readonly PriorityBands<TKey> _ready = new();
    private readonly Func<TKey, long, bool> _isCurrent;
    private readonly Dictionary<TKey, int> _failures = [];
    private readonly DelayHeap<TKey> _delayed = new();
    private readonly ITimer _timer;
    private readonly List<WorkerWait> _waiting = [];
    private readonly Stack<WorkerWait> _spareWaits = new();
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _lastTicket;
    private int _readyCount;
    private int _processingCount;
    private bool _isShutDown;

    /// <param name="timeProvider">The clock of delays.</param>
    /// <param name="backoff">Delays of <see cref="AddRateLimited"/>; null: <see cref="ExponentialBackoff.PerItem"/>.</param>
    /// <param name="metrics">Where the queue is measured, and under which name; null: nowhere.</param>
    public WorkQueue(TimeProvider timeProvider, ExponentialBackoff? backoff = null, (WorkQueueMetrics Metrics, string Name)? metrics = null)
    {
        _timeProvider = timeProvider;
        _backoff = backoff ?? ExponentialBackoff.PerItem;
        _isCurrent = IsCurrent;
        _instruments = metrics?.Metrics.Measure(metrics.Value.Name, this);
        _timer = timeProvider.CreateTimer(
            static state => ((WorkQueue<TKey>)state!).MoveDue(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The number of keys that wait for a worker; delayed ones not counted.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _readyCount;
            }
        }
    }

    /// <summary>Adds a key to be worked on now. Nothing is added once the queue is shut down.</summary>
    /// <param name="key">The key.</param>
    /// <param name="priority">Higher ones go first, though none starves.</param>
    public void Add(TKey key, int priority = QueuePriority.Normal)
    {
        lock (_gate)
        {
            AddLocked(key, priority);
        }
    }

    /// <summary>Adds a key after a delay; of several delays the one that ends first counts.</summary>
    /// <param name="key">The key.</param>
    /// <param name="delay">None or less: at once.</param>
    /// <param name="priority">Its priority then; null: the one it is being worked on with, or the normal one.</param>
    public void AddAfter(TKey key, TimeSpan delay, int? priority = null)
    {
        lock (_gate)
        {
            AddAfterLocked(key, delay, priority);
        }
    }

    /// <summary>Adds a key that failed, later each time until it is forgotten; it is never given up and keeps its priority.</summary>
    public void AddRateLimited(TKey key)
    {
        lock (_gate)
        {
            ref var failures = ref CollectionsMarshal.GetValueRefOrAddDefault(_failures, key, out _);
            failures++;
            AddAfterLocked(key, _backoff.DelayAfter(failures), priority: null);
        }

        _instruments?.Retried();
    }

    /// <summary>Forgets how often a key failed.</summary>
    public void Forget(TKey key)
    {
        lock (_gate)
        {
            _failures.Remove(key);
        }
    }

    /// <summary>How often a key was added by <see cref="AddRateLimited"/> since it was last forgotten.</summary>
    public int Failures(TKey key)
    {
        lock (_gate)
        {
            return _failures.GetValueOrDefault(key);
        }
    }

    /// <summary>
    /// Takes the next key, waiting for one; <see cref="Done"/> must follow. False when the queue is shut down and
    /// nothing is left in it.
    /// </summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<(bool HasKey, TKey? Key)> TakeAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            WorkerWait wait;
            lock (_gate)
            {
                // First of all, also when cancelled: whoever was woken for a key and left would let it lie.
                if (TakeLocked(out var key))
                {
                    return (true, key);
                }

                cancellationToken.ThrowIfCancellationRequested();

                if (_isShutDown)
                {
                    return (false, default);
                }

                wait = _spareWaits.TryPop(out var spare) ? spare : new WorkerWait();
                _waiting.Add(wait);
            }

            using (cancellationToken.UnsafeRegister(static (state, token) =>
            {
                var (queue, wait) = ((WorkQueue<TKey>, WorkerWait))state!;
                queue.Cancel(wait, token);
            }, cancellationToken.CanBeCanceled ? (this, wait) : null))
            {
                await wait.Task;
            }

            lock (_gate)
            {
                wait.Reset();
                _spareWaits.Push(wait);
            }
        }
    }

    /// <summary>Takes the next key if there is one.</summary>
    public bool TryTake([MaybeNullWhen(false)] out TKey key)
    {
        lock (_gate)
        {
            return TakeLocked(out key);
        }
    }

    /// <summary>Ends the work on a key; if it was added meanwhile it waits for a worker again.</summary>
    public void Done(TKey key)
    {
        lock (_gate)
        {
            ref var item = ref CollectionsMarshal.GetValueRefOrNullRef(_items, key);
            if (Unsafe.IsNullRef(ref item) || item.State is not (KeyState.Processing or KeyState.ProcessingAgain))
            {
                return;
            }

            _processingCount--;
            _instruments?.Done(_timeProvider.GetElapsedTime(item.StartedAt));
            item.State = item.State.Done();
            if (item.State == KeyState.Ready)
            {
                QueueLocked(key, ref item, item.NextPriority);
            }
            else
            {
                _items.Remove(key);
            }

            SignalIfDrained();
        }
    }

    /// <summary>Takes no more keys in and drops the delayed ones; what is ready can still be taken.</summary>
    public void ShutDown()
    {
        lock (_gate)
        {
            if (!_isShutDown)
            {
                _isShutDown = true;
                _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                _waiting.ForEach(wait => wait.Wake());
                _waiting.Clear();
                SignalIfDrained();
            }
        }
    }

    /// <summary>Completes once the queue is shut down, nothing is left in it and no key is being worked on.</summary>
    public Task DrainAsync(CancellationToken cancellationToken) => _drained.Task.WaitAsync(cancellationToken);

    /// <summary>Stops the timer. Call after the workers have ended.</summary>
    public void Dispose()
    {
        _instruments?.Dispose();
        _timer.Dispose();
    }

    IReadOnlyList<(int Priority, int Count)> IQueueGauges.Depths()
    {
        lock (_gate)
        {
            return [.. _ready.Bands.Select(band => (band.Priority, band.Count))];
        }
    }

    (TimeSpan Sum, TimeSpan Longest) IQueueGauges.Unfinished()
    {
        var (sum, longest) = (TimeSpan.Zero, TimeSpan.Zero);
        lock (_gate)
        {
            foreach (var item in _items.Values)
            {
                if (item.State is KeyState.Processing or KeyState.ProcessingAgain)
                {
                    var age = _timeProvider.GetElapsedTime(item.StartedAt);
                    sum += age;
                    longest = age > longest ? age : longest;
                }
            }
        }

        return (sum, longest);
    }

    private void AddAfterLocked(TKey key, TimeSpan delay, int? priority)
    {
        var effective = priority ?? (_items.TryGetValue(key, out var item) ? item.Priority : QueuePriority.Normal);
        if (delay <= TimeSpan.Zero)
        {
            AddLocked(key, effective);
        }
        else if (!_isShutDown)
        {
            _delayed.Add(key, _timeProvider.GetTimestamp() + ToTimestamp(delay), effective);
            SetTimer();
        }
    }

    private void AddLocked(TKey key, int priority)
    {
        if (_isShutDown)
        {
            return;
        }

        // It is wanted now: whoever works on it will say again when to look at it later.
        if (_delayed.Count > 0 && _delayed.TryTakeEarly(key, out var delayedPriority))
        {
            priority = Math.Max(priority, delayedPriority);
        }

        ref var item = ref CollectionsMarshal.GetValueRefOrAddDefault(_items, key, out _);
        var before = item.State;
        item.State = before.Added();
        switch (before)
        {
            case KeyState.Absent:
                item.AddedAt = _timeProvider.GetTimestamp();
                _instruments?.Added();
                QueueLocked(key, ref item, priority);
                break;
            case KeyState.Ready when priority > item.Priority:
                _ready.Retract(item.Priority);
                _readyCount--;
                QueueLocked(key, ref item, priority);
                break;
            case KeyState.Processing:
                item.AddedAt = _timeProvider.GetTimestamp();
                item.NextPriority = priority;
                _instruments?.Added();
                break;
            case KeyState.ProcessingAgain:
                item.NextPriority = Math.Max(item.NextPriority, priority);
                break;
        }
    }

    private void QueueLocked(TKey key, ref Item item, int priority)
    {
        item.Priority = priority;
        item.Ticket = ++_lastTicket;
        _ready.Add(key, priority, item.Ticket);
        _readyCount++;
        if (_waiting.Count > 0)
        {
            var wait = _waiting[^1];
            _waiting.RemoveAt(_waiting.Count - 1);
            wait.Wake();
        }
    }

    private bool TakeLocked([MaybeNullWhen(false)] out TKey key)
    {
        if (_readyCount == 0 || !_ready.TryTake(_isCurrent, out key))
        {
            key = default;
            return false;
        }

        ref var item = ref CollectionsMarshal.GetValueRefOrNullRef(_items, key);
        item.State = item.State.Taken();
        item.StartedAt = _timeProvider.GetTimestamp();
        _readyCount--;
        _processingCount++;
        _instruments?.Taken(_timeProvider.GetElapsedTime(item.AddedAt, item.StartedAt));
        return true;
    }

    private bool IsCurrent(TKey key, long ticket) =>
        _items.TryGetValue(key, out var item) && item.State == KeyState.Ready && item.Ticket == ticket;

    private void Cancel(WorkerWait wait, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_waiting.Remove(wait))
            {
                wait.Cancel(cancellationToken);
            }
        }
    }

    private void MoveDue()
    {
        lock (_gate)
        {
            while (!_isShutDown && _delayed.TryTake(_timeProvider.GetTimestamp(), out var key, out var priority))
            {
                AddLocked(key, priority);
            }

            SetTimer();
        }
    }

    private void SetTimer()
    {
        if (_isShutDown || _delayed.NextDue() is not { } due)
        {
            return;
        }

        // Timers count in milliseconds and round down; firing early would only fire again.
        var wait = Math.Max(0, due - _timeProvider.GetTimestamp());
        var milliseconds = Math.Ceiling(wait * 1000.0 / _timeProvider.TimestampFrequency);
        _timer.Change(TimeSpan.FromMilliseconds(Math.Min(milliseconds, LongestTimer.TotalMilliseconds)), Timeout.InfiniteTimeSpan);
    }

    private long ToTimestamp(TimeSpan delay) => (long)(delay.TotalSeconds * _timeProvider.TimestampFrequency);

    private void SignalIfDrained()
    {
        if (_isShutDown && _readyCount == 0 && _processingCount == 0)
        {
            _drained.TrySetResult();
        }
    }

    private struct Item
    {
        public KeyState State;
        public int Priority;
        public int NextPriority;
        public long Ticket;
        public long AddedAt;
        public long StartedAt;
    }
}
