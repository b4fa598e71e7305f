namespace ModelOperator.Kubernetes.Entities;

/// <summary>A custom resource with a spec.</summary>
public abstract class CustomKubernetesEntity<TSpec> : CustomKubernetesEntity
    where TSpec : new()
{
    /// <summary>What the user asks for.</summary>
    public TSpec Spec { get; set; } = new();
}
