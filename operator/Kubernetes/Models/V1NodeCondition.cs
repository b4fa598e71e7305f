namespace ModelOperator.Kubernetes.Models;

/// <summary>One aspect of a node's state.</summary>
public sealed class V1NodeCondition
{
    /// <summary>For example <c>Ready</c>.</summary>
    public string Type { get; set; } = "";

    /// <summary><c>True</c>, <c>False</c> or <c>Unknown</c>.</summary>
    public string Status { get; set; } = "";

    public DateTime? LastHeartbeatTime { get; set; }

    public DateTime? LastTransitionTime { get; set; }

    public string? Reason { get; set; }

    public string? Message { get; set; }
}
