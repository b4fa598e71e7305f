using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Json;
using ModelOperator.DevCluster.ApiServer.Kinds;

namespace ModelOperator.DevCluster.ApiServer.Resources;

/// <summary>Stored objects in the API version of a request.</summary>
internal static class ObjectView
{
    /// <returns>The object to show, which may be the stored one and must not be changed.</returns>
    public static JsonObject Of(JsonObject stored, ResourceKind kind)
    {
        if (kind.FromStorage is { } convert)
        {
            return convert(stored.Copy());
        }

        if (stored.StringAt("apiVersion") == kind.ApiVersion)
        {
            return stored;
        }

        var copy = stored.Copy();
        copy["apiVersion"] = kind.ApiVersion;
        return copy;
    }

    public static JsonObject PartialMetadata(JsonObject obj) => new()
    {
        ["kind"] = "PartialObjectMetadata",
        ["apiVersion"] = "meta.k8s.io/v1",
        ["metadata"] = obj["metadata"]?.DeepClone(),
    };
}
