namespace ModelOperator.Kubernetes.Entities.Attributes;

/// <summary>The OpenAPI format of the field, for example date-time.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class FormatAttribute(string format) : Attribute
{
    /// <summary>The format.</summary>
    public string Format { get; } = format;
}
