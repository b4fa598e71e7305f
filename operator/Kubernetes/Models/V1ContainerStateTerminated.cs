namespace ModelOperator.Kubernetes.Models;

/// <summary>A container that has ended.</summary>
public sealed class V1ContainerStateTerminated
{
    public int ExitCode { get; set; }

    public int? Signal { get; set; }

    /// <summary>For example <c>Completed</c>, <c>Error</c> or <c>OOMKilled</c>.</summary>
    public string? Reason { get; set; }

    /// <summary>What the container left in its termination message file.</summary>
    public string? Message { get; set; }

    public DateTime? StartedAt { get; set; }

    public DateTime? FinishedAt { get; set; }

    public string? ContainerID { get; set; }
}
