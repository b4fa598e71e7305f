namespace ModelOperator.Kubernetes.Models;

/// <summary>A directory or file of the node.</summary>
public sealed class V1HostPathVolumeSource
{
    public string Path { get; set; } = "";

    public string? Type { get; set; }
}
