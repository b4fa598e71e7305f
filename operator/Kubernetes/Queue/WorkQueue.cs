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

    private readonly TimeProvider timeProvider;
    private readonly ExponentialBackoff backoff;
    private readonly Lock gate = new();
    private readonly Queue<TKey> ready = new();
    private readonly HashSet<TKey> dirty = [];
    private readonly HashSet<TKey> processing = [];
    private readonly Dictionary<TKey, int> failures = [];
    private readonly DelayHeap<TKey> delayed = new();
    private readonly ITimer timer;

    // One permit per ready key, and one more for good once the queue is shut down.
    private readonly SemaphoreSlim available = new(0);
    private readonly TaskCompletionSource drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool isShutDown;

    /// <param name="timeProvider">The clock of delays.</param>
    /// <param name="backoff">Delays of <see cref="AddRateLimited"/>; null: <see cref="ExponentialBackoff.PerItem"/>.</param>
    public WorkQueue(TimeProvider timeProvider, ExponentialBackoff? backoff = null)
    {
        this.timeProvider = timeProvider;
        this.backoff = backoff ?? ExponentialBackoff.PerItem;
        timer = timeProvider.CreateTimer(
            static state => ((WorkQueue<TKey>)state!).MoveDue(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The number of keys that wait for a worker; delayed ones not counted.</summary>
    public int Count
    {
        get
        {
            lock (gate)
            {
                return ready.Count;
            }
        }
    }

    /// <summary>Adds a key to be worked on now. Nothing is added once the queue is shut down.</summary>
    public void Add(TKey key)
    {
        lock (gate)
        {
            AddLocked(key);
        }
    }

    /// <summary>Adds a key after a delay; of several delays the one that ends first counts.</summary>
    public void AddAfter(TKey key, TimeSpan delay)
    {
        lock (gate)
        {
            if (delay <= TimeSpan.Zero)
            {
                AddLocked(key);
            }
            else if (!isShutDown)
            {
                delayed.Add(key, timeProvider.GetTimestamp() + ToTimestamp(delay));
                SetTimer();
            }
        }
    }

    /// <summary>Adds a key that failed, later each time until it is forgotten; it is never given up.</summary>
    public void AddRateLimited(TKey key)
    {
        TimeSpan delay;
        lock (gate)
        {
            failures[key] = failures.GetValueOrDefault(key) + 1;
            delay = backoff.DelayAfter(failures[key]);
        }

        AddAfter(key, delay);
    }

    /// <summary>Forgets how often a key failed.</summary>
    public void Forget(TKey key)
    {
        lock (gate)
        {
            failures.Remove(key);
        }
    }

    /// <summary>How often a key was added by <see cref="AddRateLimited"/> since it was last forgotten.</summary>
    public int Failures(TKey key)
    {
        lock (gate)
        {
            return failures.GetValueOrDefault(key);
        }
    }

    /// <summary>
    /// Takes the next key, waiting for one; <see cref="Done"/> must follow. False when the queue is shut down and
    /// nothing is left in it.
    /// </summary>
    public async ValueTask<(bool HasKey, TKey? Key)> TakeAsync(CancellationToken cancellationToken)
    {
        await available.WaitAsync(cancellationToken);
        return TakeLocked(out var key) ? (true, key) : (false, default);
    }

    /// <summary>Takes the next key if there is one.</summary>
    public bool TryTake([MaybeNullWhen(false)] out TKey key)
    {
        if (available.Wait(0))
        {
            return TakeLocked(out key);
        }

        key = default;
        return false;
    }

    /// <summary>Ends the work on a key; if it was added meanwhile it waits for a worker again.</summary>
    public void Done(TKey key)
    {
        lock (gate)
        {
            processing.Remove(key);
            if (dirty.Contains(key))
            {
                ready.Enqueue(key);
                available.Release();
            }

            SignalIfDrained();
        }
    }

    /// <summary>Takes no more keys in and drops the delayed ones; what is ready can still be taken.</summary>
    public void ShutDown()
    {
        lock (gate)
        {
            if (!isShutDown)
            {
                isShutDown = true;
                timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                available.Release();
                SignalIfDrained();
            }
        }
    }

    /// <summary>Completes once the queue is shut down, nothing is left in it and no key is being worked on.</summary>
    public Task DrainAsync(CancellationToken cancellationToken) => drained.Task.WaitAsync(cancellationToken);

    /// <summary>Stops the timer. Call after the workers have ended.</summary>
    public void Dispose()
    {
        timer.Dispose();
        available.Dispose();
    }

    private void AddLocked(TKey key)
    {
        if (isShutDown || !dirty.Add(key))
        {
            return;
        }

        if (!processing.Contains(key))
        {
            ready.Enqueue(key);
            available.Release();
        }
    }

    private bool TakeLocked([MaybeNullWhen(false)] out TKey key)
    {
        lock (gate)
        {
            if (!ready.TryDequeue(out key))
            {
                available.Release();
                return false;
            }

            dirty.Remove(key);
            processing.Add(key);
            return true;
        }
    }

    private void MoveDue()
    {
        lock (gate)
        {
            while (!isShutDown && delayed.TryTake(timeProvider.GetTimestamp(), out var key))
            {
                AddLocked(key);
            }

            SetTimer();
        }
    }

    private void SetTimer()
    {
        if (isShutDown || delayed.NextDue() is not { } due)
        {
            return;
        }

        // Timers count in milliseconds and round down; firing early would only fire again.
        var wait = Math.Max(0, due - timeProvider.GetTimestamp());
        var milliseconds = Math.Ceiling(wait * 1000.0 / timeProvider.TimestampFrequency);
        timer.Change(TimeSpan.FromMilliseconds(Math.Min(milliseconds, LongestTimer.TotalMilliseconds)), Timeout.InfiniteTimeSpan);
    }

    private long ToTimestamp(TimeSpan delay) => (long)(delay.TotalSeconds * timeProvider.TimestampFrequency);

    private void SignalIfDrained()
    {
        if (isShutDown && ready.Count == 0 && processing.Count == 0)
        {
            drained.TrySetResult();
        }
    }
}
