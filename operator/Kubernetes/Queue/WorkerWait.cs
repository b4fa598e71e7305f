using System.Threading.Tasks.Sources;

namespace ModelOperator.Kubernetes.Queue;

/// <summary>A worker that waits for a key; used again and again, so that waiting allocates nothing.</summary>
internal sealed class WorkerWait : IValueTaskSource
{
    // Whoever adds a key must not run the worker's code.
    private ManualResetValueTaskSourceCore<bool> _source = new() { RunContinuationsAsynchronously = true };

    public ValueTask Task => new(this, _source.Version);

    public void Wake() => _source.SetResult(true);

    public void Cancel(CancellationToken cancellationToken) => _source.SetException(new OperationCanceledException(cancellationToken));

    public void Reset() => _source.Reset();

    void IValueTaskSource.GetResult(short token) => _source.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);
}
