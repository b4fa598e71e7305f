namespace ModelOperator.Kubernetes.Entities.Attributes;

/// <summary>The greatest value.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class RangeMaximumAttribute(double maximum, bool exclusiveMaximum = false) : Attribute
{
    /// <summary>The bound.</summary>
    public double Maximum { get; } = maximum;

    /// <summary>Whether the bound itself is not allowed.</summary>
    public bool ExclusiveMaximum { get; } = exclusiveMaximum;
}
