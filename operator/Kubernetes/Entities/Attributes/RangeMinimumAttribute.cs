namespace ModelOperator.Kubernetes.Entities.Attributes;

/// <summary>The least value.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class RangeMinimumAttribute(double minimum, bool exclusiveMinimum = false) : Attribute
{
    /// <summary>The bound.</summary>
    public double Minimum { get; } = minimum;

    /// <summary>Whether the bound itself is not allowed.</summary>
    public bool ExclusiveMinimum { get; } = exclusiveMinimum;
}
