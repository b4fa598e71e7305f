using ModelOperator.Kubernetes.Informers;
using ModelOperator.Kubernetes.Models;
using ModelOperator.Kubernetes.Queue;

namespace ModelOperator.Kubernetes.Controllers;

/// <summary>What becomes of a key after a reconciliation; controller-runtime's rules.</summary>
/// <param name="Forget">Whether earlier failures are forgotten.</param>
/// <param name="IsRateLimited">Whether it is queued again with backoff.</param>
/// <param name="After">Whether it is queued again after a time.</param>
internal readonly record struct RequeueDecision(bool Forget, bool IsRateLimited, TimeSpan? After)
{
    /// <summary>Something was thrown.</summary>
    public static RequeueDecision Failed { get; } = new(Forget: false, IsRateLimited: true, After: null);

    public static RequeueDecision From<TEntity>(ReconciliationResult<TEntity> result)
        where TEntity : class, IKubernetesObject<V1ObjectMeta> => result switch
        {
            { IsSuccess: true, RequeueAfter: null } => new RequeueDecision(Forget: true, IsRateLimited: false, After: null),
            { IsSuccess: true, RequeueAfter: { } after } when after > TimeSpan.Zero =>
                new RequeueDecision(Forget: true, IsRateLimited: false, After: after),
            { IsSuccess: false, RequeueAfter: { } after } when after > TimeSpan.Zero =>
                new RequeueDecision(Forget: false, IsRateLimited: false, After: after),
            // "Again at once" is slowed down, or a controller could spin.
            _ => Failed,
        };

    public void ApplyTo(WorkQueue<ObjectKey> queue, ObjectKey key)
    {
        if (Forget)
        {
            queue.Forget(key);
        }

        if (IsRateLimited)
        {
            queue.AddRateLimited(key);
        }

        if (After is { } after)
        {
            queue.AddAfter(key, after);
        }
    }
}
