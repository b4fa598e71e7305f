namespace ModelOperator.Kubernetes.Entities.Attributes;

/// <summary>How a list is merged: atomic or set.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class XListTypeAttribute(string listType) : Attribute
{
    /// <summary>The list type.</summary>
    public string ListType { get; } = listType;
}
