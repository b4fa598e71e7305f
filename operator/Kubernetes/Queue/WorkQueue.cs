using System.Diagnostics.CodeAnalysis;

namespace ModelOperator.Kubernetes.Queue;

/// <summary>
/// Keys to be worked on, with client-go's promises: a key that is added while it waits waits once; a key that is
/// added while it is worked on is worked on again afterwards; no key is ever with two workers; none is lost.
/// </summary>
public sealed class WorkQueue<TKey> : IDisposable
    where TKey : notnull
{
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(1);

    private readonly TimeProvider _timeProvider;
    private readonly ExponentialBackoff _backoff;
    private readonly Lock _gate = new();
    private readonly Queue<TKey> _ready = new();
    private readonly HashSet<TKey> _dirty = [];
    private readonly HashSet<TKey> _processing = [];
    private readonly Dictionary<TKey, int> _failures = [];
    private readonly DelayHeap<TKey> _delayed = new();
    private readonly ITimer _timer;

    // One permit per ready key, and one more for good once the queue is shut down.
    private readonly SemaphoreSlim _available = new(0);
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isShutDown;

    /// <param name="timeProvider">The clock of delays.</param>
    /// <param name="backoff">Delays of <see cref="AddRateLimited"/>; null: <see cref="ExponentialBackoff.PerItem"/>.</param>
    public WorkQueue(TimeProvider timeProvider, ExponentialBackoff? backoff = null)
    {
        _timeProvider = timeProvider;
        _backoff = backoff ?? ExponentialBackoff.PerItem;
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
                return _ready.Count;
            }
        }
    }

    /// <summary>Adds a key to be worked on now. Nothing is added once the queue is shut down.</summary>
    public void Add(TKey key)
    {
        lock (_gate)
        {
            AddLocked(key);
        }
    }

    /// <summary>Adds a key after a delay; of several delays the one that ends first counts.</summary>
    public void AddAfter(TKey key, TimeSpan delay)
    {
        lock (_gate)
        {
            if (delay <= TimeSpan.Zero)
            {
                AddLocked(key);
            }
            else if (!_isShutDown)
            {
                _delayed.Add(key, _timeProvider.GetTimestamp() + ToTimestamp(delay));
                SetTimer();
            }
        }
    }

    /// <summary>Adds a key that failed, later each time until it is forgotten; it is never given up.</summary>
    public void AddRateLimited(TKey key)
    {
        TimeSpan delay;
        lock (_gate)
        {
            _failures[key] = _failures.GetValueOrDefault(key) + 1;
            delay = _backoff.DelayAfter(_failures[key]);
        }

        AddAfter(key, delay);
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
    public async ValueTask<(bool HasKey, TKey? Key)> TakeAsync(CancellationToken cancellationToken)
    {
        await _available.WaitAsync(cancellationToken);
        return TakeLocked(out var key) ? (true, key) : (false, default);
    }

    /// <summary>Takes the next key if there is one.</summary>
    public bool TryTake([MaybeNullWhen(false)] out TKey key)
    {
        if (_available.Wait(0))
        {
            return TakeLocked(out key);
        }

        key = default;
        return false;
    }

    /// <summary>Ends the work on a key; if it was added meanwhile it waits for a worker again.</summary>
    public void Done(TKey key)
    {
        lock (_gate)
        {
            _processing.Remove(key);
            if (_dirty.Contains(key))
            {
                _ready.Enqueue(key);
                _available.Release();
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
                _available.Release();
                SignalIfDrained();
            }
        }
    }

    /// <summary>Completes once the queue is shut down, nothing is left in it and no key is being worked on.</summary>
    public Task DrainAsync(CancellationToken cancellationToken) => _drained.Task.WaitAsync(cancellationToken);

    /// <summary>Stops the timer. Call after the workers have ended.</summary>
    public void Dispose()
    {
        _timer.Dispose();
        _available.Dispose();
    }

    private void AddLocked(TKey key)
    {
        if (_isShutDown || !_dirty.Add(key))
        {
            return;
        }

        if (!_processing.Contains(key))
        {
            _ready.Enqueue(key);
            _available.Release();
        }
    }

    private bool TakeLocked([MaybeNullWhen(false)] out TKey key)
    {
        lock (_gate)
        {
            if (!_ready.TryDequeue(out key))
            {
                _available.Release();
                return false;
            }

            _dirty.Remove(key);
            _processing.Add(key);
            return true;
        }
    }

    private void MoveDue()
    {
        lock (_gate)
        {
            while (!_isShutDown && _delayed.TryTake(_timeProvider.GetTimestamp(), out var key))
            {
                AddLocked(key);
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
        if (_isShutDown && _ready.Count == 0 && _processing.Count == 0)
        {
            _drained.TrySetResult();
        }
    }
}
