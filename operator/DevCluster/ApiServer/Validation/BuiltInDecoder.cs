using System.Text.Json;
using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Json;
using ModelOperator.DevCluster.ApiServer.Schemas;

namespace ModelOperator.DevCluster.ApiServer.Validation;

/// <summary>
/// Holds built-in objects to their types, as decoding into Go structs does: nulls read as absent, quantities may be numbers,
/// a wrong type is refused.
/// </summary>
internal static class BuiltInDecoder
{
    /// <returns>What could not be read, or null.</returns>
    public static string? Normalize(JsonNode? value, SchemaNode schema, string path)
    {
        switch (value)
        {
            case JsonObject map:
                if (schema.Type is not (null or "object"))
                {
                    return Mismatch("object", schema, path);
                }

                return NormalizeMap(map, schema, path);
            case JsonArray list:
                if (schema.Type is not (null or "array"))
                {
                    return Mismatch("array", schema, path);
                }

                if (schema.Items is not { } items)
                {
                    return null;
                }

                for (var i = 0; i < list.Count; i++)
                {
                    if (Normalize(list[i], items, path) is { } problem)
                    {
                        return problem;
                    }
                }

                return null;
            default:
                return null;
        }
    }

    private static string? NormalizeMap(JsonObject map, SchemaNode schema, string path)
    {
        foreach (var (name, child) in map.ToArray())
        {
            if (schema.Field(name) is not { } field)
            {
                continue;
            }

            var childPath = path.Length == 0 ? name : $"{path}.{name}";
            if (child is null)
            {
                if (field.Type is not null || field.IntOrString)
                {
                    map.Remove(name);
                }

                continue;
            }

            if (child is JsonValue scalar)
            {
                if (field.Quantity && scalar.GetValueKind() == JsonValueKind.Number)
                {
                    map[name] = scalar.ToJsonString();
                }
                else if (Scalar(scalar, field, childPath) is { } problem)
                {
                    return problem;
                }
            }
            else if (Normalize(child, field, childPath) is { } problem)
            {
                return problem;
            }
        }

        return null;
    }

    private static string? Scalar(JsonValue value, SchemaNode schema, string path)
    {
        var kind = value.GetValueKind();
        var given = kind switch { JsonValueKind.String => "string", JsonValueKind.Number => "number", _ => "bool" };
        var fits = schema.Type switch
        {
            null => !schema.IntOrString || kind is JsonValueKind.String or JsonValueKind.Number,
            "string" => kind == JsonValueKind.String,
            "boolean" => kind is JsonValueKind.True or JsonValueKind.False,
            "integer" => value.AsInteger() is { } integer && (schema.Format != "int32" || integer is >= int.MinValue and <= int.MaxValue),
            "number" => kind == JsonValueKind.Number,
            _ => false,
        };
        return fits ? null : Mismatch(given, schema, path);
    }

    private static string Mismatch(string given, SchemaNode schema, string path)
    {
        var expected = schema.Type switch
        {
            "integer" => schema.Format ?? "int64",
            "boolean" => "bool",
            "array" => "[]" + (schema.Items?.TypeName is { } name ? $"v1.{name}" : schema.Items?.Type),
            "object" => schema.TypeName is { } name ? $"v1.{name}" : "map[string]" + schema.AdditionalProperties?.Type,
            _ => schema.Type,
        };
        return $"json: cannot unmarshal {given} into Go struct field {path} of type {expected}";
    }
}
