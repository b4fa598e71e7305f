using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Kubernetes.Controllers;

/// <summary>Brings the world towards what an entity asks for (the shape KubeOps gives it).</summary>
public interface IEntityController<TEntity>
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    /// <summary>
    /// Looks at the entity as it is now and acts. Called for one key by one worker at a time. An exception or a
    /// failure is retried with per-key exponential backoff, without limit.
    /// </summary>
    Task<ReconciliationResult<TEntity>> ReconcileAsync(TEntity entity, CancellationToken cancellationToken);

    /// <summary>Called once when the entity is gone; for cleaning local state, not the outside world.</summary>
    Task<ReconciliationResult<TEntity>> DeletedAsync(TEntity entity, CancellationToken cancellationToken);
}
