using System.Globalization;
using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Kinds;
using ModelOperator.DevCluster.ApiServer.Schemas;

namespace ModelOperator.DevCluster.ApiServer.OpenApi;

/// <summary>Schema nodes as OpenAPI schemas: named types become definitions, everything else is written in place.</summary>
internal sealed class SchemaDocument(string referencePrefix)
{
    private readonly Dictionary<string, SchemaNode> _pending = [];

    /// <summary>The definitions written so far, by name.</summary>
    public JsonObject Definitions { get; } = [];

    /// <summary>Adds a kind with everything that it refers to.</summary>
    /// <returns>The name of its definition.</returns>
    public string Add(ResourceKind kind)
    {
        var name = NameOf(kind);
        if (Definitions.ContainsKey(name))
        {
            return name;
        }

        var definition = Write(kind.Schema with { TypeName = null });
        definition["x-kubernetes-group-version-kind"] = new JsonArray(GroupVersionKind(kind));
        Definitions[name] = definition;
        while (_pending.Count > 0)
        {
            var (pending, schema) = _pending.First();
            _pending.Remove(pending);
            Definitions[pending] = Write(schema with { TypeName = null });
        }

        return name;
    }

    public static JsonObject GroupVersionKind(ResourceKind kind) => new() { ["group"] = kind.Group, ["kind"] = kind.Kind, ["version"] = kind.Version };

    public static string NameOf(ResourceKind kind)
    {
        var group = kind.Custom ? string.Join('.', kind.Group.Split('.').Reverse())
            : kind.Group switch
            {
                "" => "io.k8s.api.core",
                "apiextensions.k8s.io" => "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions",
                _ => $"io.k8s.api.{kind.Group.Split('.')[0]}",
            };
        return $"{group}.{kind.Version}.{kind.Kind}";
    }

    private JsonObject Write(SchemaNode schema)
    {
        if (schema.TypeName is { } typeName)
        {
            var name = $"io.k8s.api.types.{typeName}";
            if (!Definitions.ContainsKey(name))
            {
                _pending.TryAdd(name, schema);
            }

            return new JsonObject { ["$ref"] = referencePrefix + name };
        }

        var result = new JsonObject();
        if (schema.Description is { Length: > 0 } description)
        {
            result["description"] = description;
        }

        if (schema.IntOrString)
        {
            result["x-kubernetes-int-or-string"] = true;
        }

        if (schema.Type is { } type)
        {
            result["type"] = type;
        }
        else if (schema is { IntOrString: true, Format: not null })
        {
            result["type"] = "string";
        }

        if (schema.Format is { } format)
        {
            result["format"] = format;
        }

        if (schema.Default is { } @default)
        {
            result["default"] = @default.DeepClone();
        }

        if (schema.Nullable && schema.Type != "string")
        {
            result["nullable"] = true;
        }

        if (schema.Properties.Count > 0)
        {
            var properties = new JsonObject();
            foreach (var (name, property) in schema.Properties)
            {
                properties[name] = Write(property);
            }

            result["properties"] = properties;
        }

        if (schema.AdditionalProperties is { } additional)
        {
            result["additionalProperties"] = Write(additional);
        }

        if (schema.Items is { } items)
        {
            result["items"] = Write(items);
        }

        if (schema.Required.Count > 0)
        {
            result["required"] = new JsonArray([.. schema.Required.Select(name => (JsonNode?)name)]);
        }

        if (schema.PreserveUnknownFields)
        {
            result["x-kubernetes-preserve-unknown-fields"] = true;
        }

        if (schema.EmbeddedResource)
        {
            result["x-kubernetes-embedded-resource"] = true;
        }

        Lists(schema, result);
        if (schema.Constraints is { } constraints)
        {
            Constraints(constraints, result);
        }

        return result;
    }

    private static void Lists(SchemaNode schema, JsonObject result)
    {
        if (schema.Type == "array" && schema.ListType != ListType.Atomic)
        {
            result["x-kubernetes-list-type"] = schema.ListType.ToString().ToLower(CultureInfo.InvariantCulture);
        }

        if (schema.ListMapKeys.Count > 0)
        {
            result["x-kubernetes-list-map-keys"] = new JsonArray([.. schema.ListMapKeys.Select(key => (JsonNode?)key)]);
        }

        if (schema.AtomicMap)
        {
            result["x-kubernetes-map-type"] = "atomic";
        }

        if (schema.PatchMergeKey is { } mergeKey)
        {
            result["x-kubernetes-patch-merge-key"] = mergeKey;
        }

        if (schema.PatchMerge)
        {
            result["x-kubernetes-patch-strategy"] = "merge";
        }
    }

    private static void Constraints(ValueConstraints rule, JsonObject result)
    {
        void Put<T>(string name, T? value)
            where T : struct
        {
            if (value is { } given)
            {
                result[name] = JsonValue.Create(given);
            }
        }

        Put("minimum", rule.Minimum);
        Put("maximum", rule.Maximum);
        Put("multipleOf", rule.MultipleOf);
        Put("minLength", rule.MinLength);
        Put("maxLength", rule.MaxLength);
        Put("minItems", rule.MinItems);
        Put("maxItems", rule.MaxItems);
        Put("minProperties", rule.MinProperties);
        Put("maxProperties", rule.MaxProperties);
        if (rule.ExclusiveMinimum)
        {
            result["exclusiveMinimum"] = true;
        }

        if (rule.ExclusiveMaximum)
        {
            result["exclusiveMaximum"] = true;
        }

        if (rule.PatternText is { } pattern)
        {
            result["pattern"] = pattern;
        }

        if (rule.Enum.Count > 0)
        {
            result["enum"] = new JsonArray([.. rule.Enum.Select(value => value?.DeepClone())]);
        }
    }
}
