namespace ModelOperator.Kubernetes.Models;

/// <summary>A connection; opening it is success.</summary>
public sealed class V1TCPSocketAction
{
    public IntstrIntOrString? Port { get; set; }

    public string? Host { get; set; }
}
