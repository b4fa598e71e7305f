using ModelOperator.Kubernetes.Models;

namespace ModelOperator.DevCluster.Controllers.Dynamic;

/// <summary>What every object has, whatever its kind.</summary>
internal sealed class PartialObject : IKubernetesObject<V1ObjectMeta>
{
    public string? ApiVersion { get; set; }

    public string? Kind { get; set; }

    public V1ObjectMeta Metadata { get; set; } = new();
}
