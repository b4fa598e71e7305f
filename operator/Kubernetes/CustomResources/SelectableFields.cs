using System.Reflection;
using System.Text.Json.Nodes;
using ModelOperator.Kubernetes.Entities.Attributes;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Kubernetes.CustomResources;

/// <summary>The fields that selectors may name, checked by the rules of the API server.</summary>
internal static class SelectableFields
{
    private const int Most = 8;

    /// <summary>The fields; null when there are none.</summary>
    /// <exception cref="InvalidOperationException">The API server would refuse one.</exception>
    public static List<V1SelectableField>? Of(Type type, JsonObject schema)
    {
        var paths = type.GetCustomAttributes<SelectableFieldAttribute>().Select(field => field.JsonPath).ToList();
        if (paths.Count > Most)
        {
            throw new InvalidOperationException($"{type.Name} has {paths.Count} selectable fields; the API takes {Most}");
        }

        foreach (var path in paths.Where(path => !LeadsToScalar(schema, path)))
        {
            throw new InvalidOperationException($"{type.Name} cannot be selected by {path}: it leads to no text, whole number or bool");
        }

        return paths.Count > 0 ? [.. paths.Select(path => new V1SelectableField { JsonPath = path })] : null;
    }

    private static bool LeadsToScalar(JsonObject schema, string path)
    {
        if (!path.StartsWith('.') || path.StartsWith(".metadata", StringComparison.Ordinal))
        {
            return false;
        }

        JsonNode? at = schema;
        foreach (var name in path[1..].Split('.'))
        {
            at = at?["properties"]?[name];
        }

        return (string?)at?["type"] is "string" or "integer" or "boolean";
    }
}
