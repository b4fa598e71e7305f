namespace ModelOperator.Kubernetes.Entities.Attributes;

/// <summary>How an object or a map is merged: granular (the API's default) or atomic.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class XMapTypeAttribute(string mapType) : Attribute
{
    /// <summary>The map type.</summary>
    public string MapType { get; } = mapType;
}
