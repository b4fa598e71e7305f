namespace ModelOperator.Kubernetes.Models;

/// <summary>A call of the gRPC health service.</summary>
public sealed class V1GRPCAction
{
    public int Port { get; set; }

    public string? Service { get; set; }
}
