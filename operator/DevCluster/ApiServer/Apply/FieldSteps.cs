using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Json;
using ModelOperator.DevCluster.ApiServer.Schemas;
using ModelOperator.DevCluster.ApiServer.Validation;

namespace ModelOperator.DevCluster.ApiServer.Apply;

/// <summary>The steps of field paths, by schema.</summary>
internal static class FieldSteps
{
    public static string Field(string name) => $"f:{name}";

    /// <summary>The step to an item of a set or a map list.</summary>
    public static string Item(JsonNode? item, SchemaNode list)
    {
        if (list.ListType == ListType.Set)
        {
            return $"v:{ValueText.Of(item)}";
        }

        var keys = new JsonObject();
        foreach (var key in list.ListMapKeys.Order(StringComparer.Ordinal))
        {
            if ((item.At(key) ?? list.Items?.Field(key)?.Default) is { } value)
            {
                keys[key] = value.DeepClone();
            }
        }

        return $"k:{ValueText.Of(keys)}";
    }

    /// <summary>A value that is owned field by field, rather than as one.</summary>
    public static bool IsGranular(JsonNode? value, SchemaNode schema) => value switch
    {
        JsonObject => !schema.AtomicMap,
        JsonArray => schema.ListType != ListType.Atomic,
        _ => false,
    };
}
