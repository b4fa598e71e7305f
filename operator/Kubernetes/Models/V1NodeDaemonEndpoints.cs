namespace ModelOperator.Kubernetes.Models;

/// <summary>Where the daemons of a node listen.</summary>
public sealed class V1NodeDaemonEndpoints
{
    public V1DaemonEndpoint? KubeletEndpoint { get; set; }
}
