namespace ModelOperator.DevCluster.Controllers.Dynamic;

/// <summary>A kind of objects that the API serves, as discovery tells it.</summary>
internal sealed record ResourceType(string GroupVersion, string Plural, string Kind, bool Namespaced)
{
    /// <summary>The path of all its objects, or of those of a namespace.</summary>
    public string Collection(string? namespaceName = null)
    {
        var root = GroupVersion.Contains('/', StringComparison.Ordinal) ? $"/apis/{GroupVersion}" : $"/api/{GroupVersion}";
        return Namespaced && namespaceName is { Length: > 0 }
            ? $"{root}/namespaces/{Uri.EscapeDataString(namespaceName)}/{Plural}"
            : $"{root}/{Plural}";
    }

    /// <summary>The path of one object.</summary>
    public string Object(string? namespaceName, string name) => $"{Collection(namespaceName)}/{Uri.EscapeDataString(name)}";
}
