using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Kubernetes.Entities;

/// <summary>Base of custom resources (the shape KubeOps gives it).</summary>
public abstract class CustomKubernetesEntity : IKubernetesObject<V1ObjectMeta>
{
    /// <inheritdoc/>
    public string? ApiVersion { get; set; }

    /// <inheritdoc/>
    public string? Kind { get; set; }

    /// <inheritdoc/>
    public V1ObjectMeta Metadata { get; set; } = new();
}
