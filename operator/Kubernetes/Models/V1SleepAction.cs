namespace ModelOperator.Kubernetes.Models;

/// <summary>Waits.</summary>
public sealed class V1SleepAction
{
    public long Seconds { get; set; }
}
