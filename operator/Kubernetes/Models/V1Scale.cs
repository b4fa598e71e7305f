namespace ModelOperator.Kubernetes.Models;

/// <summary>How many replicas an object has and shall have, whatever its kind: the <c>scale</c> subresource.</summary>
[KubernetesEntity(Group = "autoscaling", ApiVersion = "v1", Kind = "Scale", PluralName = "scale")]
public sealed class V1Scale : IKubernetesObject<V1ObjectMeta>
{
    public string? ApiVersion { get; set; }

    public string? Kind { get; set; }

    public V1ObjectMeta Metadata { get; set; } = new();

    public V1ScaleSpec? Spec { get; set; }

    public V1ScaleStatus? Status { get; set; }
}
