using System.Text.Json;
using System.Text.Json.Nodes;

namespace ModelOperator.DevCluster.ApiServer.Json;

/// <summary>Typed access to the parts of a Kubernetes object held as JSON nodes. Missing and wrongly typed read alike: as absent.</summary>
internal static class JsonObjectExtensions
{
    public static JsonNode? At(this JsonNode? node, params ReadOnlySpan<string> path)
    {
        foreach (var step in path)
        {
            node = node is JsonObject map && map.TryGetPropertyValue(step, out var next) ? next : null;
        }

        return node;
    }

    public static JsonObject? ObjectAt(this JsonNode? node, params ReadOnlySpan<string> path) => node.At(path) as JsonObject;

    public static JsonArray? ArrayAt(this JsonNode? node, params ReadOnlySpan<string> path) => node.At(path) as JsonArray;

    public static string? StringAt(this JsonNode? node, params ReadOnlySpan<string> path) =>
        node.At(path).StringOrNull();

    public static long? IntegerAt(this JsonNode? node, params ReadOnlySpan<string> path) => node.At(path).AsInteger();

    public static string? StringOrNull(this JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    public static bool BooleanAt(this JsonNode? node, params ReadOnlySpan<string> path) =>
        node.At(path) is JsonValue value && value.GetValueKind() == JsonValueKind.True;

    public static long? AsInteger(this JsonNode? node)
    {
        if (node is not JsonValue value || value.GetValueKind() != JsonValueKind.Number)
        {
            return null;
        }

        if (value.TryGetValue<long>(out var integer))
        {
            return integer;
        }

        if (value.TryGetValue<int>(out var small))
        {
            return small;
        }

        return value.TryGetValue<double>(out var number) && number == Math.Truncate(number) ? (long)number : null;
    }

    public static double? AsNumber(this JsonNode? node)
    {
        if (node is not JsonValue value || value.GetValueKind() != JsonValueKind.Number)
        {
            return null;
        }

        if (value.TryGetValue<double>(out var number))
        {
            return number;
        }

        return node.AsInteger();
    }

    /// <summary>The object under a key, made when it is missing.</summary>
    public static JsonObject Ensure(this JsonObject map, string key)
    {
        if (map[key] is JsonObject existing)
        {
            return existing;
        }

        var created = new JsonObject();
        map[key] = created;
        return created;
    }

    /// <summary>Sets a key that is absent or null.</summary>
    public static void SetDefault(this JsonObject map, string key, JsonNode? value)
    {
        if (map[key] is null)
        {
            map[key] = value;
        }
    }

    public static JsonObject Copy(this JsonObject map) => (JsonObject)map.DeepClone();

    public static JsonObject Metadata(this JsonObject obj) => obj.Ensure("metadata");

    public static string Name(this JsonObject obj) => obj.StringAt("metadata", "name") ?? "";

    public static string? NamespaceName(this JsonObject obj) => obj.StringAt("metadata", "namespace") is { Length: > 0 } name ? name : null;

    public static string Uid(this JsonObject obj) => obj.StringAt("metadata", "uid") ?? "";

    public static string? ResourceVersion(this JsonObject obj) =>
        obj.StringAt("metadata", "resourceVersion") is { Length: > 0 } version ? version : null;

    public static bool IsBeingDeleted(this JsonObject obj) => obj.At("metadata", "deletionTimestamp") is not null;

    public static bool HasFinalizers(this JsonObject obj) => obj.ArrayAt("metadata", "finalizers") is { Count: > 0 };
}
