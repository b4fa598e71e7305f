using ModelOperator.Kubernetes.Informers;
using ModelOperator.Kubernetes.Models;
using ModelOperator.Kubernetes.Queue;

namespace ModelOperator.Kubernetes.Controllers;

/// <summary>What becomes of a key after a reconciliation; controller-runtime's rules.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="After">Whether it is queued again after a time.</param>
internal readonly record struct RequeueDecision(ReconcileOutcome Outcome, TimeSpan? After = null)
{
    /// <summary>Something was thrown.</summary>
    public static RequeueDecision Failed(Exception error) =>
        new(error is TerminalException ? ReconcileOutcome.TerminalError : ReconcileOutcome.Error);

    public static RequeueDecision From<TEntity>(ReconciliationResult<TEntity> result)
        where TEntity : class, IKubernetesObject<V1ObjectMeta> => result switch
        {
            // Whatever else it asks for: backoff is what protects the rest of the world from a failing reconciliation.
            { IsSuccess: false } => new RequeueDecision(result.Error is TerminalException ? ReconcileOutcome.TerminalError : ReconcileOutcome.Error),
            { RequeueAfter: null } => new RequeueDecision(ReconcileOutcome.Success),
            { RequeueAfter: { } after } when after > TimeSpan.Zero => new RequeueDecision(ReconcileOutcome.RequeueAfter, after),
            // "Again at once" is slowed down, or a controller could spin.
            _ => new RequeueDecision(ReconcileOutcome.Requeue),
        };

    public void ApplyTo(WorkQueue<ObjectKey> queue, ObjectKey key)
    {
        switch (Outcome)
        {
            case ReconcileOutcome.Success:
                queue.Forget(key);
                break;
            case ReconcileOutcome.RequeueAfter:
                queue.Forget(key);
                queue.AddAfter(key, After!.Value);
                break;
            case ReconcileOutcome.Requeue or ReconcileOutcome.Error:
                queue.AddRateLimited(key);
                break;
            case ReconcileOutcome.None when After is { } after:
                queue.AddAfter(key, after);
                break;
        }
    }
}
