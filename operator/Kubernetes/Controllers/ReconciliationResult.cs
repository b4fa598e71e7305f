using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Kubernetes.Controllers;

/// <summary>What a reconciliation came to.</summary>
public sealed record ReconciliationResult<TEntity>
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    private ReconciliationResult(TEntity entity, bool isSuccess, string? errorMessage, Exception? error, TimeSpan? requeueAfter)
    {
        Entity = entity;
        IsSuccess = isSuccess;
        ErrorMessage = errorMessage;
        Error = error;
        RequeueAfter = requeueAfter;
    }

    /// <summary>The entity that was reconciled.</summary>
    public TEntity Entity { get; }

    /// <summary>Whether it went well.</summary>
    public bool IsSuccess { get; }

    /// <summary>What went wrong, in words.</summary>
    public string? ErrorMessage { get; }

    /// <summary>The exception behind a failure.</summary>
    public Exception? Error { get; }

    /// <summary>When to look again even if nothing changes; null: only on a change.</summary>
    public TimeSpan? RequeueAfter { get; }

    /// <summary>All done, for now.</summary>
    public static ReconciliationResult<TEntity> Success(TEntity entity, TimeSpan? requeueAfter = null) =>
        new(entity, true, null, null, requeueAfter);

    /// <summary>
    /// It failed; it is tried again with backoff, or not at all when <paramref name="error"/> is a <see cref="TerminalException"/>.
    /// <paramref name="requeueAfter"/> is KubeOps' and, as in controller-runtime, without effect on a failure.
    /// </summary>
    public static ReconciliationResult<TEntity> Failure(
        TEntity entity, string errorMessage, Exception? error = null, TimeSpan? requeueAfter = null) =>
        new(entity, false, errorMessage, error, requeueAfter);
}
