using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ModelOperator.DevCluster.ApiServer.Json;

namespace ModelOperator.DevCluster.ApiServer.Schemas;

/// <summary>Turns the <c>openAPIV3Schema</c> of a custom resource definition into schema nodes.</summary>
internal static class JsonSchemaReader
{
    private static readonly TimeSpan PatternTimeout = TimeSpan.FromMilliseconds(250);

    private static readonly string[] ConstraintKeys =
    [
        "minimum", "maximum", "multipleOf", "minLength", "maxLength", "pattern", "minItems", "maxItems", "uniqueItems", "minProperties",
        "maxProperties", "enum", "allOf", "anyOf", "oneOf", "not",
    ];

    /// <exception cref="ArgumentException">A pattern is not a regular expression.</exception>
    public static SchemaNode Read(JsonObject schema)
    {
        var properties = new Dictionary<string, SchemaNode>();
        foreach (var (name, value) in schema.ObjectAt("properties") ?? [])
        {
            properties[name] = Read(value as JsonObject ?? []);
        }

        return new SchemaNode
        {
            Type = schema.StringAt("type"),
            Format = schema.StringAt("format"),
            Description = schema.StringAt("description"),
            Properties = properties,
            AdditionalProperties = schema["additionalProperties"] switch
            {
                JsonObject map => Read(map),
                JsonValue value when value.GetValueKind() == System.Text.Json.JsonValueKind.True => SchemaNode.Any,
                _ => null,
            },
            Items = schema.ObjectAt("items") is { } items ? Read(items) : null,
            Required = Strings(schema, "required"),
            Default = schema["default"]?.DeepClone(),
            Nullable = schema.BooleanAt("nullable"),
            PreserveUnknownFields = schema.BooleanAt("x-kubernetes-preserve-unknown-fields"),
            IntOrString = schema.BooleanAt("x-kubernetes-int-or-string"),
            EmbeddedResource = schema.BooleanAt("x-kubernetes-embedded-resource"),
            ListType = schema.StringAt("x-kubernetes-list-type") switch { "set" => ListType.Set, "map" => ListType.Map, _ => ListType.Atomic },
            ListMapKeys = Strings(schema, "x-kubernetes-list-map-keys"),
            AtomicMap = schema.StringAt("x-kubernetes-map-type") == "atomic",
            Constraints = Constraints(schema),
        };
    }

    private static ValueConstraints? Constraints(JsonObject schema)
    {
        if (!ConstraintKeys.Any(schema.ContainsKey))
        {
            return null;
        }

        var pattern = schema.StringAt("pattern");
        return new ValueConstraints
        {
            Minimum = schema["minimum"].AsNumber(),
            ExclusiveMinimum = schema.BooleanAt("exclusiveMinimum"),
            Maximum = schema["maximum"].AsNumber(),
            ExclusiveMaximum = schema.BooleanAt("exclusiveMaximum"),
            MultipleOf = schema["multipleOf"].AsNumber(),
            MinLength = schema.IntegerAt("minLength"),
            MaxLength = schema.IntegerAt("maxLength"),
            Pattern = pattern is null ? null : new Regex(pattern, RegexOptions.CultureInvariant, PatternTimeout),
            PatternText = pattern,
            MinItems = schema.IntegerAt("minItems"),
            MaxItems = schema.IntegerAt("maxItems"),
            UniqueItems = schema.BooleanAt("uniqueItems"),
            MinProperties = schema.IntegerAt("minProperties"),
            MaxProperties = schema.IntegerAt("maxProperties"),
            Enum = [.. schema.ArrayAt("enum") ?? []],
            AllOf = Schemas(schema, "allOf"),
            AnyOf = Schemas(schema, "anyOf"),
            OneOf = Schemas(schema, "oneOf"),
            Not = schema.ObjectAt("not") is { } not ? Read(not) : null,
        };
    }

    private static SchemaNode[] Schemas(JsonObject schema, string key) =>
        schema.ArrayAt(key) is { Count: > 0 } list ? [.. list.OfType<JsonObject>().Select(Read)] : [];

    private static string[] Strings(JsonObject schema, string key) =>
        schema.ArrayAt(key) is { Count: > 0 } list ? [.. list.Select(item => item?.GetValue<string>() ?? "")] : [];
}
