namespace ModelOperator.Kubernetes.Entities.Attributes;

/// <summary>The number must be a multiple.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class MultipleOfAttribute(double value) : Attribute
{
    /// <summary>Of this.</summary>
    public double Value { get; } = value;
}
