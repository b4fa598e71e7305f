namespace ModelOperator.Kubernetes.Entities;

/// <summary>A custom resource with a spec and a status.</summary>
public abstract class CustomKubernetesEntity<TSpec, TStatus> : CustomKubernetesEntity<TSpec>
    where TSpec : new()
    where TStatus : new()
{
    /// <summary>What the operator has seen and done.</summary>
    public TStatus Status { get; set; } = new();
}
