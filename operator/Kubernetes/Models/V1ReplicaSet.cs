namespace ModelOperator.Kubernetes.Models;

/// <summary>A number of pods of one template.</summary>
[KubernetesEntity(Group = "apps", ApiVersion = "v1", Kind = "ReplicaSet", PluralName = "replicasets")]
public sealed class V1ReplicaSet : IKubernetesObject<V1ObjectMeta>
{
    /// <inheritdoc/>
    public string? ApiVersion { get; set; }

    /// <inheritdoc/>
    public string? Kind { get; set; }

    /// <inheritdoc/>
    public V1ObjectMeta Metadata { get; set; } = new();

    public V1ReplicaSetSpec? Spec { get; set; }

    public V1ReplicaSetStatus? Status { get; set; }
}
