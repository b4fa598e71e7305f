namespace ModelOperator.Kubernetes.Entities.Attributes;

/// <summary>Leaves the property out of the schema.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class IgnoreAttribute : Attribute;
