namespace ModelOperator.Kubernetes.Models;

/// <summary>A port of a Service.</summary>
public sealed class V1ServicePort
{
    public string? Name { get; set; }

    public string? Protocol { get; set; }

    public string? AppProtocol { get; set; }

    public int Port { get; set; }

    /// <summary>Number or name of the container's port; default: <see cref="Port"/>.</summary>
    public IntstrIntOrString? TargetPort { get; set; }

    public int? NodePort { get; set; }
}
