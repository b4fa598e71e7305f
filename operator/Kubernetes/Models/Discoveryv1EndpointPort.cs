namespace ModelOperator.Kubernetes.Models;

/// <summary>A port of all endpoints of a slice.</summary>
public sealed class Discoveryv1EndpointPort
{
    public string? Name { get; set; }

    public string? Protocol { get; set; }

    public int? Port { get; set; }

    public string? AppProtocol { get; set; }
}
