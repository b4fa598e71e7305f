namespace ModelOperator.Kubernetes.Entities.Attributes;

/// <summary>Bounds of the number of items of a list.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ItemsAttribute(int minItems = -1, int maxItems = -1) : Attribute
{
    /// <summary>Least number; -1: none.</summary>
    public int MinItems { get; } = minItems;
    /// <summary>Greatest number; -1: none.</summary>
    public int MaxItems { get; } = maxItems;
}
