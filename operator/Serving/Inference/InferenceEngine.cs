using Microsoft.Extensions.ObjectPool;
using ModelOperator.Serving.Inference.Batching;

namespace ModelOperator.Serving.Inference;

/// <summary>
/// Runs requests on a model, whatever protocol they came by. It has no threads of its own: a request that may run at once runs on
/// the thread that brought it, and a batch runs on the thread of its oldest request.
/// </summary>
internal sealed partial class InferenceEngine : IDisposable
{
    private readonly IModelSession _session;
    private readonly BatchSettings _batching;
    private readonly ServingMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger<InferenceEngine> _logger;
    private readonly long _began;
    private readonly ObjectPool<PendingRequest> _pool = ObjectPool.Create<PendingRequest>();
    private readonly Action<PendingRequest> _withdraw;
    private readonly ITimer _timer;
    private readonly Lock _lock = new();
    private readonly BatchQueue _queue;
    private TimeSpan? _wake;

    public InferenceEngine(
        IModelSession session, EngineSettings settings, ServingMetrics metrics, TimeProvider time, ILogger<InferenceEngine> logger)
    {
        _session = session;
        _batching = settings.Batching;
        _metrics = metrics;
        _time = time;
        _logger = logger;
        _began = time.GetTimestamp();
        _withdraw = Withdraw;
        _queue = new BatchQueue(settings.Batching, settings.Queue, settings.Concurrency);
        _timer = time.CreateTimer(static engine => ((InferenceEngine)engine!).OnWake(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public ModelSignature Signature => _session.Signature;

    private TimeSpan Now => _time.GetElapsedTime(_began);

    /// <summary>The request stays the caller's, to be disposed after this returned; so does the answer.</summary>
    /// <exception cref="QueueFullException">It would wait too long.</exception>
    /// <exception cref="DeadlineException">The request's time is over.</exception>
    /// <exception cref="BatchTooLargeException">The request is larger than the largest batch.</exception>
    /// <exception cref="InferenceException">The model failed.</exception>
    /// <exception cref="OperationCanceledException">The caller left before the model began.</exception>
    public async ValueTask<InferenceResult> RunAsync(InferenceRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var rows = RowsOf(request);
        var now = Now;
        var deadline = DeadlineOf(request, now);
        if (deadline <= now)
        {
            throw new DeadlineException(request.Timeout);
        }
        if (TryEnter())
        {
            return RunNow(request);
        }
        var pending = _pool.Get();
        try
        {
            pending.Begin(request, rows, now, deadline, _withdraw, cancellationToken);
            var batch = Enqueue(pending);
            if (batch is null)
            {
                await using var registration = pending.WithdrawWhenCanceled();
                batch = await pending.Called;
            }
            if (batch is not null)
            {
                Run(batch);
            }
            return pending.Take();
        }
        finally
        {
            pending.Reset();
            _pool.Return(pending);
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        _session.Dispose();
    }

    private int RowsOf(InferenceRequest request)
    {
        if (!_batching.On)
        {
            return 1;
        }
        return request.BatchSize <= _batching.MaxSize
            ? Math.Max((int)request.BatchSize, 1)
            : throw new BatchTooLargeException(
                $"the request has {request.BatchSize} rows; this server takes at most {_batching.MaxSize} at a time, send it in parts");
    }

    private TimeSpan DeadlineOf(InferenceRequest request, TimeSpan now)
    {
        if (request.Timeout == Timeout.InfiniteTimeSpan)
        {
            return TimeSpan.MaxValue;
        }
        var arrived = request.Arrived == 0 ? now : _time.GetElapsedTime(_began, request.Arrived);
        return request.Timeout < TimeSpan.MaxValue - arrived ? arrived + request.Timeout : TimeSpan.MaxValue;
    }

    private bool TryEnter()
    {
        lock (_lock)
        {
            return _queue.TryEnter();
        }
    }

    /// <returns>The batch that the request is to run, when it leads one that may leave at once.</returns>
    private Batch? Enqueue(PendingRequest pending)
    {
        try
        {
            lock (_lock)
            {
                _queue.Add(pending);
                return Dispatch(pending);
            }
        }
        catch (QueueFullException)
        {
            _metrics.Rejected();
            throw;
        }
    }

    private InferenceResult RunNow(InferenceRequest request)
    {
        var started = Now;
        _metrics.Queued(TimeSpan.Zero);
        _metrics.Ran(request.BatchSize);
        try
        {
            return new InferenceResult(_session.Run(request.Inputs!, request.Outputs));
        }
        finally
        {
            Leave(Now - started);
        }
    }

    private void Run(Batch batch)
    {
        var started = Now;
        Prune(batch, started);
        TimeSpan? took = null;
        if (batch.Members.Count > 0)
        {
            try
            {
                if (BatchRun.Run(_session, batch, _metrics) is { } problem)
                {
                    LogBatchFailed(batch.Members.Count, problem);
                }
            }
            catch (Exception failure)
            {
                // Whatever it is: nobody may wait for ever.
                batch.Members.ForEach(member => member.Fail(failure));
            }
            took = Now - started;
        }
        Leave(took);
        foreach (var member in batch.Members)
        {
            if (member != batch.Leader)
            {
                member.Return();
            }
        }
    }

    // Time has passed since the batch was put together.
    private void Prune(Batch batch, TimeSpan now)
    {
        batch.Members.RemoveAll(member =>
        {
            if (member.Cancellation.IsCancellationRequested)
            {
                member.Fail(new OperationCanceledException(member.Cancellation));
            }
            else if (member.Deadline <= now)
            {
                member.Fail(new DeadlineException(member.Request.Timeout));
            }
            else
            {
                _metrics.Queued(now - member.Enqueued);
                return false;
            }
            if (member != batch.Leader)
            {
                member.Return();
            }
            return true;
        });
    }

    private void Leave(TimeSpan? took)
    {
        lock (_lock)
        {
            _queue.Leave(took);
            Dispatch(null);
        }
    }

    private void Withdraw(PendingRequest pending)
    {
        lock (_lock)
        {
            if (!_queue.Withdraw(pending))
            {
                return;
            }
            Dispatch(null);
        }
        pending.Fail(new OperationCanceledException(pending.Cancellation));
        pending.Return();
    }

    private void OnWake()
    {
        List<PendingRequest> expired;
        lock (_lock)
        {
            _wake = null;
            expired = _queue.Expire(Now);
            Dispatch(null);
        }
        foreach (var pending in expired)
        {
            pending.Fail(new DeadlineException(pending.Request.Timeout));
            pending.Return();
        }
    }

    // Under the lock. Calling a leader only schedules it.
    private Batch? Dispatch(PendingRequest? self)
    {
        Batch? own = null;
        var now = Now;
        while (_queue.Next(now) is { } batch)
        {
            if (batch.Leader == self)
            {
                own = batch;
            }
            else
            {
                batch.Leader.Lead(batch);
            }
        }
        if (_queue.Wake is { } wake && (_wake is null || wake < _wake))
        {
            _wake = wake;
            _timer.Change(wake > now ? wake - now : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
        return own;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A batch of {Count} requests failed and they ran one by one: {Reason}")]
    private partial void LogBatchFailed(int count, string reason);
}
