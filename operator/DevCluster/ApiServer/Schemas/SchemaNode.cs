using System.Text.Json.Nodes;

namespace ModelOperator.DevCluster.ApiServer.Schemas;

/// <summary>
/// The schema of one value: one model for built-in types and custom resources, used for decoding, defaulting, validation, patches,
/// field ownership and OpenAPI.
/// </summary>
internal sealed record SchemaNode
{
    /// <summary>Accepts anything and keeps it.</summary>
    public static readonly SchemaNode Any = new() { PreserveUnknownFields = true };

    /// <summary>The name of the type, when it has one of its own.</summary>
    public string? TypeName { get; init; }

    /// <summary><c>object</c>, <c>array</c>, <c>string</c>, <c>integer</c>, <c>number</c>, <c>boolean</c>, or null for any.</summary>
    public string? Type { get; init; }

    public string? Format { get; init; }

    public string? Description { get; init; }

    public IReadOnlyDictionary<string, SchemaNode> Properties { get; init; } = new Dictionary<string, SchemaNode>();

    public SchemaNode? AdditionalProperties { get; init; }

    public SchemaNode? Items { get; init; }

    public IReadOnlyCollection<string> Required { get; init; } = [];

    public JsonNode? Default { get; init; }

    public bool Nullable { get; init; }

    public bool PreserveUnknownFields { get; init; }

    public bool IntOrString { get; init; }

    /// <summary>A quantity: written as a number too, kept as a string.</summary>
    public bool Quantity { get; init; }

    /// <summary>The value is a whole Kubernetes object, so apiVersion, kind and metadata are allowed in it.</summary>
    public bool EmbeddedResource { get; init; }

    public ListType ListType { get; init; }

    public IReadOnlyList<string> ListMapKeys { get; init; } = [];

    /// <summary>The map or object has one owner for all its fields.</summary>
    public bool AtomicMap { get; init; }

    /// <summary>A strategic merge patch merges the list instead of replacing it.</summary>
    public bool PatchMerge { get; init; }

    /// <summary>The item field that a strategic merge patch matches items by.</summary>
    public string? PatchMergeKey { get; init; }

    /// <summary>The field's number in protobuf, such as <c>3</c>, or <c>2.3</c> within a message that JSON does not show.</summary>
    public string? ProtobufPath { get; init; }

    /// <summary>In protobuf, the zero value of the field differs from its absence.</summary>
    public bool ProtobufPointer { get; init; }

    public ValueConstraints? Constraints { get; init; }

    /// <summary>The schema of a field, or null when the schema does not know it.</summary>
    public SchemaNode? Field(string name)
    {
        if (Properties.TryGetValue(name, out var property))
        {
            return property;
        }

        if (AdditionalProperties is not null)
        {
            return AdditionalProperties;
        }

        return PreserveUnknownFields ? Any : null;
    }
}
