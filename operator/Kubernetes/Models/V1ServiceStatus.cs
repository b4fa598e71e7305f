namespace ModelOperator.Kubernetes.Models;

/// <summary>What became of a Service.</summary>
public sealed class V1ServiceStatus
{
    public IList<V1Condition>? Conditions { get; set; }
}
