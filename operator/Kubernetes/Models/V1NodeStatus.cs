namespace ModelOperator.Kubernetes.Models;

/// <summary>What a node has and how it fares.</summary>
public sealed class V1NodeStatus
{
    /// <summary>Quantities by resource name.</summary>
    public IDictionary<string, string>? Capacity { get; set; }

    /// <summary>Quantities that pods can have, by resource name.</summary>
    public IDictionary<string, string>? Allocatable { get; set; }

    public IList<V1NodeCondition>? Conditions { get; set; }

    public IList<V1NodeAddress>? Addresses { get; set; }

    public V1NodeSystemInfo? NodeInfo { get; set; }

    public V1NodeDaemonEndpoints? DaemonEndpoints { get; set; }
}
