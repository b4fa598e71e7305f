namespace ModelOperator.Kubernetes.Entities.Attributes;

/// <summary>The version that objects are stored in, where a kind has several.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class StorageVersionAttribute : Attribute;
