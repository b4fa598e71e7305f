namespace ModelOperator.Kubernetes.Entities.Attributes;

/// <summary>The least value.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class RangeMinimumAttribute(double minimum) : Attribute
{
    /// <summary>The bound, itself allowed.</summary>
    public double Minimum { get; } = minimum;
}
