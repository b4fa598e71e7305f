using ModelOperator.Kubernetes.Entities;
using ModelOperator.Kubernetes.Entities.Attributes;

namespace ModelOperator.Kubernetes.Models;

/// <summary>A machine that runs pods.</summary>
[KubernetesEntity(Group = "", ApiVersion = "v1", Kind = "Node", PluralName = "nodes")]
[EntityScope(EntityScope.Cluster)]
public sealed class V1Node : IKubernetesObject<V1ObjectMeta>
{
    /// <inheritdoc/>
    public string? ApiVersion { get; set; }

    /// <inheritdoc/>
    public string? Kind { get; set; }

    /// <inheritdoc/>
    public V1ObjectMeta Metadata { get; set; } = new();

    public V1NodeSpec? Spec { get; set; }

    public V1NodeStatus? Status { get; set; }
}
