namespace ModelOperator.Kubernetes.Models;

/// <summary>What is seen of a <see cref="V1Scale"/>.</summary>
public sealed class V1ScaleStatus
{
    public int Replicas { get; set; }

    /// <summary>The label selector of the replicas, as text.</summary>
    public string? Selector { get; set; }
}
