namespace ModelOperator.Kubernetes.Models;

/// <summary>A container that does not run yet, or not again.</summary>
public sealed class V1ContainerStateWaiting
{
    /// <summary>For example <c>CrashLoopBackOff</c> or <c>ImagePullBackOff</c>.</summary>
    public string? Reason { get; set; }

    public string? Message { get; set; }
}
