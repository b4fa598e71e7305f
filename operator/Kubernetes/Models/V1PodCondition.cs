namespace ModelOperator.Kubernetes.Models;

/// <summary>One aspect of a pod's state.</summary>
public sealed class V1PodCondition
{
    /// <summary><c>PodScheduled</c>, <c>Initialized</c>, <c>ContainersReady</c> or <c>Ready</c>.</summary>
    public string Type { get; set; } = "";

    /// <summary><c>True</c>, <c>False</c> or <c>Unknown</c>.</summary>
    public string Status { get; set; } = "";

    public long? ObservedGeneration { get; set; }

    public DateTime? LastProbeTime { get; set; }

    public DateTime? LastTransitionTime { get; set; }

    public string? Reason { get; set; }

    public string? Message { get; set; }
}
