namespace ModelOperator.Kubernetes.Entities.Attributes;

/// <summary>What the API server fills in when the field is absent.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class DefaultValueAttribute(object value) : Attribute
{
    /// <summary>A string, bool, int, long or double.</summary>
    public object Value { get; } = value;
}
