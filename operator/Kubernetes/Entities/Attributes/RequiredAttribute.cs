namespace ModelOperator.Kubernetes.Entities.Attributes;

/// <summary>The field must be given.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class RequiredAttribute : Attribute;
