using System.Buffers;
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
    private static readonly SearchValues<char> Base64Letters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");

    /// <returns>What could not be read, or null.</returns>
    public static string? Normalize(JsonNode? value, SchemaNode schema, string path)
    {
        switch (value)
        {
            case JsonObject map:
                return NormalizeMap(map, schema, path);
            case JsonArray list:
                foreach (var item in schema.Items is { } items ? list : [])
                {
                    if (Mismatched(item, schema.Items!) is { } given)
                    {
                        return Mismatch(given, schema.Items!, path);
                    }

                    if (Normalize(item, schema.Items!, path) is { } problem)
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

            // Go does not say which entry of a map it is.
            var childPath = schema.Properties.ContainsKey(name) ? Qualify(path, name) : path;
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
                if (field.Quantity && scalar.GetValueKind() is JsonValueKind.Number or JsonValueKind.String)
                {
                    if (QuantityText.Canonical(scalar.ToString()) is not { } canonical)
                    {
                        return QuantityText.FormatError;
                    }

                    map[name] = canonical;
                }
                else if (Scalar(scalar, field, Qualified(schema, childPath)) is { } problem)
                {
                    return problem;
                }
                else if (field.Format == "byte" && Base64Problem(scalar.ToString()) is { } position)
                {
                    return $"illegal base64 data at input byte {position}";
                }
            }
            else if (Mismatched(child, field) is { } given)
            {
                return Mismatch(given, field, Qualified(schema, childPath));
            }
            else if (Normalize(child, field, IsMap(field) ? Qualified(schema, childPath) : childPath) is { } problem)
            {
                return problem;
            }
        }

        return null;
    }

    private static bool IsMap(SchemaNode schema) => schema.Properties.Count == 0 && schema.AdditionalProperties is not null;

    private static string Qualify(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    private static string? Mismatched(JsonNode? value, SchemaNode schema) => value switch
    {
        JsonObject when schema.Type is not (null or "object") || schema.IntOrString => "object",
        JsonArray when schema.Type is not (null or "array") || schema.IntOrString => "array",
        JsonValue scalar when schema.Type is "object" or "array" => scalar.GetValueKind() switch
        {
            JsonValueKind.String => "string",
            JsonValueKind.Number => "number",
            _ => "bool",
        },
        _ => null,
    };

    // Go names the struct, then the path from the root.
    private static string Qualified(SchemaNode parent, string path) => parent.TypeName is { } type ? $"{type.Split('.')[^1]}.{path}" : path;

    private static int? Base64Problem(string text)
    {
        if (Convert.TryFromBase64String(text, new byte[text.Length], out _))
        {
            return null;
        }

        var wrong = text.AsSpan().IndexOfAnyExcept(Base64Letters);
        return wrong < 0 ? text.Length - (text.Length % 4) : wrong;
    }

    private static string? Scalar(JsonValue value, SchemaNode schema, string path)
    {
        var kind = value.GetValueKind();
        var given = kind switch
        {
            JsonValueKind.String => "string",
            JsonValueKind.Number when schema.Type == "integer" => $"number {value}",
            JsonValueKind.Number => "number",
            _ => "bool",
        };
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
            "array" => "[]" + (schema.Items?.TypeName is { } name ? $"v1.{name.Split('.')[^1]}" : schema.Items?.Type),
            "object" => schema.TypeName is { } name ? $"v1.{name.Split('.')[^1]}" : "map[string]" + schema.AdditionalProperties?.Type,
            _ => schema.Type,
        };
        return $"json: cannot unmarshal {given} into Go struct field {path} of type {expected}";
    }
}
