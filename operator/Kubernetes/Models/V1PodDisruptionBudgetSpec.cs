namespace ModelOperator.Kubernetes.Models;

/// <summary>The pods and their bound.</summary>
public sealed class V1PodDisruptionBudgetSpec
{
    public IntstrIntOrString? MinAvailable { get; set; }

    public IntstrIntOrString? MaxUnavailable { get; set; }

    public V1LabelSelector? Selector { get; set; }

    public string? UnhealthyPodEvictionPolicy { get; set; }
}
