namespace ModelOperator.Kubernetes.Entities.Attributes;

/// <summary>A column of <c>kubectl get</c>.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class GenericAdditionalPrinterColumnAttribute(string jsonPath, string name, string type) : Attribute
{
    /// <summary>JSONPath of the value.</summary>
    public string JsonPath { get; } = jsonPath;

    /// <summary>The heading.</summary>
    public string Name { get; } = name;

    /// <summary><c>string</c>, <c>integer</c>, <c>number</c>, <c>boolean</c> or <c>date</c>.</summary>
    public string Type { get; } = type;

    /// <summary>How the value is written, for example <c>int64</c>.</summary>
    public string? Format { get; init; }

    /// <summary>What the column shows.</summary>
    public string? Description { get; init; }

    /// <summary>0 shows it always, 1 only with <c>-o wide</c>.</summary>
    public int Priority { get; init; }
}
