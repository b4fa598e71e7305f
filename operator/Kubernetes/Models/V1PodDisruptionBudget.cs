namespace ModelOperator.Kubernetes.Models;

/// <summary>How many pods a voluntary disruption may take.</summary>
[KubernetesEntity(Group = "policy", ApiVersion = "v1", Kind = "PodDisruptionBudget", PluralName = "poddisruptionbudgets")]
public sealed class V1PodDisruptionBudget : IKubernetesObject<V1ObjectMeta>
{
    /// <inheritdoc/>
    public string? ApiVersion { get; set; }

    /// <inheritdoc/>
    public string? Kind { get; set; }

    /// <inheritdoc/>
    public V1ObjectMeta Metadata { get; set; } = new();

    public V1PodDisruptionBudgetSpec? Spec { get; set; }

    public V1PodDisruptionBudgetStatus? Status { get; set; }
}
