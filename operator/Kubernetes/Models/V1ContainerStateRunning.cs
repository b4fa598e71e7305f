namespace ModelOperator.Kubernetes.Models;

/// <summary>A container that runs.</summary>
public sealed class V1ContainerStateRunning
{
    public DateTime? StartedAt { get; set; }
}
