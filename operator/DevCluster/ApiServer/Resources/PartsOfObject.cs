using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Json;

namespace ModelOperator.DevCluster.ApiServer.Resources;

/// <summary>The object and its status are written through different doors: each leaves the other as it was.</summary>
internal static class PartsOfObject
{
    /// <summary>Puts back into <paramref name="next"/> what the request's door does not write.</summary>
    public static void KeepOthers(WriteRequest request, JsonObject old, JsonObject next)
    {
        if (!request.Kind.HasStatus)
        {
            return;
        }

        if (request.Subresource == "status")
        {
            KeepAllButStatus(old, next);
        }
        else if (old["status"] is { } status)
        {
            next["status"] = status.DeepClone();
        }
        else
        {
            next.Remove("status");
        }
    }

    /// <summary>Whether two versions ask for the same: everything but metadata and status is equal.</summary>
    public static bool SameDesire(JsonObject old, JsonObject next)
    {
        foreach (var name in old.Select(field => field.Key).Union(next.Select(field => field.Key)))
        {
            if (name is not ("metadata" or "status" or "apiVersion" or "kind") && !JsonNode.DeepEquals(old[name], next[name]))
            {
                return false;
            }
        }

        return true;
    }

    private static void KeepAllButStatus(JsonObject old, JsonObject next)
    {
        foreach (var name in next.Select(field => field.Key).ToArray())
        {
            if (name is not ("metadata" or "status"))
            {
                next.Remove(name);
            }
        }

        foreach (var (name, value) in old)
        {
            if (name is not ("metadata" or "status"))
            {
                next[name] = value?.DeepClone();
            }
        }

        var managedFields = next.At("metadata", "managedFields")?.DeepClone();
        next["metadata"] = old["metadata"]!.DeepClone();
        if (managedFields is not null)
        {
            next.Metadata()["managedFields"] = managedFields;
        }
        else
        {
            next.Metadata().Remove("managedFields");
        }
    }
}
