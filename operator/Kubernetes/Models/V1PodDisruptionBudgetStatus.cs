namespace ModelOperator.Kubernetes.Models;

/// <summary>What a budget allows now.</summary>
public sealed class V1PodDisruptionBudgetStatus
{
    public long? ObservedGeneration { get; set; }

    public int? DisruptionsAllowed { get; set; }

    public int? CurrentHealthy { get; set; }

    public int? DesiredHealthy { get; set; }

    public int? ExpectedPods { get; set; }

    public IList<V1Condition>? Conditions { get; set; }
}
