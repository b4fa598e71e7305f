namespace ModelOperator.Kubernetes.Entities.Attributes;

/// <summary>The greatest value.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class RangeMaximumAttribute(double maximum) : Attribute
{
    /// <summary>The bound, itself allowed.</summary>
    public double Maximum { get; } = maximum;
}
