namespace ModelOperator.Kubernetes.Entities.Attributes;

/// <summary>Bounds of the length of a text, in characters.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class LengthAttribute(int minLength = -1, int maxLength = -1) : Attribute
{
    /// <summary>Least length; -1: none.</summary>
    public int MinLength { get; } = minLength;
    /// <summary>Greatest length; -1: none.</summary>
    public int MaxLength { get; } = maxLength;
}
