using ModelOperator.Kubernetes.Entities;
using ModelOperator.Kubernetes.Entities.Attributes;

namespace ModelOperator.Kubernetes.Models;

/// <summary>A scope for names.</summary>
[KubernetesEntity(Group = "", ApiVersion = "v1", Kind = "Namespace", PluralName = "namespaces")]
[EntityScope(EntityScope.Cluster)]
public sealed class V1Namespace : IKubernetesObject<V1ObjectMeta>
{
    /// <inheritdoc/>
    public string? ApiVersion { get; set; }

    /// <inheritdoc/>
    public string? Kind { get; set; }

    /// <inheritdoc/>
    public V1ObjectMeta Metadata { get; set; } = new();

    public V1NamespaceSpec? Spec { get; set; }

    public V1NamespaceStatus? Status { get; set; }
}
