namespace ModelOperator.Kubernetes.Entities.Attributes;

/// <summary>A version that is not served any more; it stays while objects may be stored in it.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class UnservedVersionAttribute : Attribute;
