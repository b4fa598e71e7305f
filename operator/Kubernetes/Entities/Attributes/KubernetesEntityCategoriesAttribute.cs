namespace ModelOperator.Kubernetes.Entities.Attributes;

/// <summary>Categories that kubectl get accepts.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class KubernetesEntityCategoriesAttribute(params string[] categories) : Attribute
{
    /// <summary>The categories.</summary>
    public IReadOnlyList<string> Categories { get; } = categories;
}
