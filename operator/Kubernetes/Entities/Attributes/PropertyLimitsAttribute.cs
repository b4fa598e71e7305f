namespace ModelOperator.Kubernetes.Entities.Attributes;

/// <summary>Bounds of the number of entries of a map.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PropertyLimitsAttribute(int minProperties = -1, int maxProperties = -1) : Attribute
{
    /// <summary>Least number; -1: none.</summary>
    public int MinProperties { get; } = minProperties;
    /// <summary>Greatest number; -1: none.</summary>
    public int MaxProperties { get; } = maxProperties;
}
