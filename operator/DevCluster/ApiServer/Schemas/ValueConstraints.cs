using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ModelOperator.DevCluster.ApiServer.Schemas;

/// <summary>What a schema asks of a value beyond its type.</summary>
internal sealed record ValueConstraints
{
    public double? Minimum { get; init; }

    public bool ExclusiveMinimum { get; init; }

    public double? Maximum { get; init; }

    public bool ExclusiveMaximum { get; init; }

    public double? MultipleOf { get; init; }

    public long? MinLength { get; init; }

    public long? MaxLength { get; init; }

    public Regex? Pattern { get; init; }

    /// <summary>The pattern as written, for messages.</summary>
    public string? PatternText { get; init; }

    public long? MinItems { get; init; }

    public long? MaxItems { get; init; }

    public bool UniqueItems { get; init; }

    public long? MinProperties { get; init; }

    public long? MaxProperties { get; init; }

    public IReadOnlyList<JsonNode?> Enum { get; init; } = [];

    public IReadOnlyList<SchemaNode> AllOf { get; init; } = [];

    public IReadOnlyList<SchemaNode> AnyOf { get; init; } = [];

    public IReadOnlyList<SchemaNode> OneOf { get; init; } = [];

    public SchemaNode? Not { get; init; }
}
