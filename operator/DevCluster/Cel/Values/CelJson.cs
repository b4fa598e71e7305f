using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ModelOperator.DevCluster.Cel.Values;

/// <summary>Reads JSON as CEL values, by the type mapping of Kubernetes' structural schemas.</summary>
internal static class CelJson
{
    /// <param name="node">The JSON; null is CEL's null.</param>
    /// <param name="schema">Its structural schema; without it a number with no fraction and no exponent is an int.</param>
    public static CelValue Read(JsonNode? node, JsonObject? schema)
    {
        var value = node switch
        {
            null => CelValue.Null.Instance,
            JsonArray array => ReadArray(array, schema),
            JsonObject @object => ReadObject(@object, schema),
            _ => ReadScalar(node, schema),
        };
        return IsOpen(schema) ? value with { IsDynamic = true } : value;
    }

    private static bool IsOpen(JsonObject? schema) =>
        schema is not null && (IsTrue(schema, "x-kubernetes-int-or-string") || (IsTrue(schema, "x-kubernetes-preserve-unknown-fields") && Text(schema, "type") is null));

    private static CelValue.List ReadArray(JsonArray array, JsonObject? schema)
    {
        var items = schema?["items"] as JsonObject;
        return new CelValue.List([.. array.Select(item => Read(item, items))], schema is not null && Text(schema, "x-kubernetes-list-type") is "set" or "map");
    }

    private static CelValue.Map ReadObject(JsonObject @object, JsonObject? schema)
    {
        var properties = schema?["properties"] as JsonObject;
        var others = schema?["additionalProperties"] as JsonObject;
        var entries = new Dictionary<CelValue, CelValue>(@object.Count);
        foreach (var (name, value) in @object)
        {
            entries[new CelValue.String(name)] = Read(value, properties?[name] as JsonObject ?? others);
        }
        return new CelValue.Map(entries);
    }

    private static CelValue ReadScalar(JsonNode node, JsonObject? schema) => node.GetValueKind() switch
    {
        JsonValueKind.True => CelValue.True,
        JsonValueKind.False => CelValue.False,
        JsonValueKind.String => ReadString(node.GetValue<string>(), schema),
        JsonValueKind.Number => ReadNumber(node.ToJsonString(), schema),
        _ => CelValue.Null.Instance,
    };

    private static CelValue ReadNumber(string digits, JsonObject? schema)
    {
        if (schema is null || Text(schema, "type") is not "number")
        {
            if (long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer))
            {
                return new CelValue.Int(integer);
            }
        }
        return new CelValue.Double(double.Parse(digits, CultureInfo.InvariantCulture));
    }

    private static CelValue ReadString(string text, JsonObject? schema) => (schema is null ? null : Text(schema, "format")) switch
    {
        "duration" when CelDuration.TryParse(text, out var nanoseconds) => new CelValue.Duration(nanoseconds),
        "date-time" or "date" when CelTimestamp.TryParse(text, out var time) => new CelValue.Timestamp(time),
        _ => new CelValue.String(text),
    };

    private static bool IsTrue(JsonObject schema, string name) => schema[name]?.GetValueKind() == JsonValueKind.True;

    private static string? Text(JsonObject schema, string name) =>
        schema[name] is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;
}
