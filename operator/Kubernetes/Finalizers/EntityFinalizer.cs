using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Kubernetes.Finalizers;

/// <summary>A finalizer and the text that stands for it in <c>metadata.finalizers</c>.</summary>
internal sealed record EntityFinalizer<TEntity>(string Identifier, IEntityFinalizer<TEntity> Finalizer)
    where TEntity : class, IKubernetesObject<V1ObjectMeta>;
