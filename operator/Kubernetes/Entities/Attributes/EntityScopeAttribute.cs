namespace ModelOperator.Kubernetes.Entities.Attributes;

/// <summary>Where objects of the kind live; namespaced when absent.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class EntityScopeAttribute(EntityScope scope = EntityScope.Namespaced) : Attribute
{
    /// <summary>The scope.</summary>
    public EntityScope Scope { get; } = scope;
}
