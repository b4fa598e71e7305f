using System.Text.Json.Nodes;

namespace ModelOperator.DevCluster.ApiServer.Patching;

/// <summary>JSON Merge Patch (RFC 7396).</summary>
internal static class MergePatch
{
    /// <summary>Merges into <paramref name="target"/>, which is changed and, where it is an object, returned.</summary>
    public static JsonNode? Apply(JsonNode? target, JsonNode? patch)
    {
        if (patch is not JsonObject changes)
        {
            return patch?.DeepClone();
        }

        var result = target as JsonObject ?? [];
        foreach (var (name, change) in changes)
        {
            if (change is null)
            {
                result.Remove(name);
                continue;
            }

            var current = result[name];
            var merged = Apply(current, change);
            if (!ReferenceEquals(current, merged))
            {
                result[name] = merged;
            }
        }

        return result;
    }
}
