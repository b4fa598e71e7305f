using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Json;
using ModelOperator.DevCluster.ApiServer.Kinds;
using ModelOperator.DevCluster.ApiServer.Storage;

namespace ModelOperator.DevCluster.ApiServer.Resources;

/// <summary>Stored objects in the API version of a request.</summary>
internal static class ObjectView
{
    /// <returns>The object to show, which may be the stored one and must not be changed.</returns>
    public static JsonObject Of(StoredObject stored, ResourceKind kind) => IsAsStored(stored, kind) ? stored.Content : Copy(stored, kind);

    /// <returns>The object, for the caller to change.</returns>
    public static JsonObject Copy(StoredObject stored, ResourceKind kind)
    {
        var copy = stored.Copy();
        if (kind.FromStorage is { } convert)
        {
            return convert(copy);
        }

        copy["apiVersion"] = kind.ApiVersion;
        return copy;
    }

    /// <summary>The object as JSON: the very bytes that are stored, whenever they are in the right version.</summary>
    public static byte[] Utf8(StoredObject stored, ResourceKind kind) =>
        IsAsStored(stored, kind) ? stored.Utf8 : JsonText.Utf8(Copy(stored, kind));

    public static JsonObject PartialMetadata(JsonObject obj) => new()
    {
        ["kind"] = "PartialObjectMetadata",
        ["apiVersion"] = "meta.k8s.io/v1",
        ["metadata"] = obj["metadata"]?.DeepClone(),
    };

    private static bool IsAsStored(StoredObject stored, ResourceKind kind) => kind.FromStorage is null && stored.ApiVersion == kind.ApiVersion;
}
