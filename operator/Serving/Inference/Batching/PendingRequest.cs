using System.Runtime.ExceptionServices;
using System.Threading.Tasks.Sources;

namespace ModelOperator.Serving.Inference.Batching;

/// <summary>
/// A request that waits. It is called once: with a batch that it is to run itself, as the oldest of it, or with none when another
/// member has run it or it was given up. Reused.
/// </summary>
internal sealed class PendingRequest : IValueTaskSource<Batch?>
{
    private ManualResetValueTaskSourceCore<Batch?> _call = new() { RunContinuationsAsynchronously = true };
    private RunOutputs? _outputs;
    private int _firstRow;
    private bool _whole;
    private Exception? _failure;
    private Action<PendingRequest> _withdraw = null!;

    public InferenceRequest Request { get; private set; } = null!;

    public CancellationToken Cancellation { get; private set; }

    /// <summary>Since the engine began.</summary>
    public TimeSpan Enqueued { get; private set; }

    /// <summary><see cref="TimeSpan.MaxValue"/>: none.</summary>
    public TimeSpan Deadline { get; private set; }

    /// <summary>What it takes of a batch.</summary>
    public int Rows { get; private set; }

    /// <summary>How many waited before it, ever.</summary>
    public long Number { get; set; }

    /// <summary>Where it waits; null once it does not.</summary>
    public LinkedListNode<PendingRequest>? Place { get; set; }

    /// <summary>Whose line it waits in.</summary>
    public BatchGroup? Group { get; set; }

    public ValueTask<Batch?> Called => new(this, _call.Version);

    public void Begin(
        InferenceRequest request, int rows, TimeSpan enqueued, TimeSpan deadline, Action<PendingRequest> withdraw, CancellationToken cancellation)
    {
        _withdraw = withdraw;
        Request = request;
        Rows = rows;
        Enqueued = enqueued;
        Deadline = deadline;
        Cancellation = cancellation;
    }

    public CancellationTokenRegistration WithdrawWhenCanceled() => Cancellation.UnsafeRegister(
        static state =>
        {
            var pending = (PendingRequest)state!;
            pending._withdraw(pending);
        },
        this);

    public void Lead(Batch batch) => _call.SetResult(batch);

    public void Return() => _call.SetResult(null);

    public void Answer(RunOutputs outputs)
    {
        _outputs = outputs;
        _whole = true;
    }

    public void Answer(RunOutputs outputs, int firstRow)
    {
        _outputs = outputs;
        _firstRow = firstRow;
    }

    public void Fail(Exception failure)
    {
        _failure = failure;
        _outputs?.LetGo();
        _outputs = null;
    }

    /// <summary>The answer, or the failure thrown.</summary>
    public InferenceResult Take()
    {
        if (_failure is not null)
        {
            ExceptionDispatchInfo.Throw(_failure);
        }
        return _whole ? new InferenceResult(_outputs!) : new InferenceResult(_outputs!, _firstRow, (int)Request.BatchSize);
    }

    /// <summary>Makes it fit for another request.</summary>
    public void Reset()
    {
        _call.Reset();
        (_outputs, _firstRow, _whole, _failure) = (null, 0, false, null);
        (Request, Cancellation, Place, Group) = (null!, default, null, null);
    }

    Batch? IValueTaskSource<Batch?>.GetResult(short token) => _call.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<Batch?>.GetStatus(short token) => _call.GetStatus(token);

    void IValueTaskSource<Batch?>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _call.OnCompleted(continuation, state, token, flags);
}
