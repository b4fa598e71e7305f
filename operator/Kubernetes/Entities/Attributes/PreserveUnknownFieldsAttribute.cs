namespace ModelOperator.Kubernetes.Entities.Attributes;

/// <summary>Keeps whatever the field holds, unvalidated.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PreserveUnknownFieldsAttribute : Attribute;
