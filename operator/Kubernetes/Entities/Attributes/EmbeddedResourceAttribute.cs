namespace ModelOperator.Kubernetes.Entities.Attributes;

/// <summary>The field is a whole Kubernetes object: its apiVersion, kind and metadata are validated.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class EmbeddedResourceAttribute : Attribute;
