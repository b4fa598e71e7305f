using ModelOperator.Kubernetes.Entities;
using ModelOperator.Kubernetes.Entities.Attributes;

namespace ModelOperator.Kubernetes.Models;

/// <summary>A kind added to the API.</summary>
[KubernetesEntity(Group = "apiextensions.k8s.io", ApiVersion = "v1", Kind = "CustomResourceDefinition", PluralName = "customresourcedefinitions")]
[EntityScope(EntityScope.Cluster)]
public sealed class V1CustomResourceDefinition : IKubernetesObject<V1ObjectMeta>
{
    /// <inheritdoc/>
    public string? ApiVersion { get; set; }

    /// <inheritdoc/>
    public string? Kind { get; set; }

    /// <inheritdoc/>
    public V1ObjectMeta Metadata { get; set; } = new();

    public V1CustomResourceDefinitionSpec? Spec { get; set; }

    public V1CustomResourceDefinitionStatus? Status { get; set; }
}
