namespace ModelOperator.Kubernetes.Models;

/// <summary>A directory that lives as long as the pod.</summary>
public sealed class V1EmptyDirVolumeSource
{
    /// <summary><c>Memory</c>, or empty for the node's disk.</summary>
    public string? Medium { get; set; }

    public string? SizeLimit { get; set; }
}
