namespace ModelOperator.Kubernetes.Models;

/// <summary>Bounds of a rolling update, as numbers or percentages.</summary>
public sealed class V1RollingUpdateDeployment
{
    public IntstrIntOrString? MaxUnavailable { get; set; }

    public IntstrIntOrString? MaxSurge { get; set; }
}
