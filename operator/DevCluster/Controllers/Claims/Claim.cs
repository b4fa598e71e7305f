using ModelOperator.Kubernetes.Models;

namespace ModelOperator.DevCluster.Controllers.Claims;

/// <summary>A claim of storage.</summary>
[KubernetesEntity(ApiVersion = "v1", Kind = "PersistentVolumeClaim", PluralName = "persistentvolumeclaims")]
internal sealed class Claim : IKubernetesObject<V1ObjectMeta>
{
    public string? ApiVersion { get; set; }

    public string? Kind { get; set; }

    public V1ObjectMeta Metadata { get; set; } = new();

    public ClaimSpec Spec { get; set; } = new();

    public ClaimStatus Status { get; set; } = new();

    public bool IsBound => Status.Phase == "Bound";
}
