using ModelOperator.Kubernetes.Controllers;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Kubernetes.Finalizers;

/// <summary>Cleans up outside the cluster before an entity goes (the shape KubeOps gives it).</summary>
public interface IEntityFinalizer<TEntity>
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    /// <summary>
    /// Called when the entity is being deleted, until it succeeds; only then may the entity go. It may be called again after it has
    /// succeeded (the process may die before that is written down), so what is cleaned already is no error.
    /// </summary>
    Task<ReconciliationResult<TEntity>> FinalizeAsync(TEntity entity, CancellationToken cancellationToken);
}
