namespace ModelOperator.Kubernetes.Models;

/// <summary>A condition, set by others, that a pod must have to be ready.</summary>
public sealed class V1PodReadinessGate
{
    public string ConditionType { get; set; } = "";
}
