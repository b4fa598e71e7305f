using System.Text.Json;
using System.Text.Json.Nodes;
using ModelOperator.Kubernetes.Serialization;

namespace ModelOperator.Kubernetes.Client;

/// <summary>The JSON that a request carries.</summary>
internal sealed record RequestBody(string ContentType, byte[] Json)
{
    // A JSON body is valid YAML, the only thing the API's apply media type promises to take.
    private const string ApplyPatch = "application/apply-patch+yaml";

    public static RequestBody Of(JsonNode json) => Of(KubernetesTransport.Json, json);

    public static RequestBody Apply(JsonNode json) => Of(ApplyPatch, json);

    public static RequestBody Patch(PatchType type, JsonNode patch) => Of(
        type switch
        {
            PatchType.JsonPatch => "application/json-patch+json",
            PatchType.MergePatch => "application/merge-patch+json",
            PatchType.StrategicMergePatch => "application/strategic-merge-patch+json",
            _ => throw new ArgumentOutOfRangeException(nameof(type), type, "unknown patch type"),
        },
        patch);

    public static RequestBody Delete(DeleteOptions options)
    {
        var body = new JsonObject { ["apiVersion"] = "v1", ["kind"] = "DeleteOptions" };
        if (options.PropagationPolicy is not null)
        {
            body["propagationPolicy"] = options.PropagationPolicy;
        }

        if (options.GracePeriodSeconds is not null)
        {
            body["gracePeriodSeconds"] = options.GracePeriodSeconds;
        }

        if (options.Uid is not null || options.ResourceVersion is not null)
        {
            var preconditions = new JsonObject();
            if (options.Uid is not null)
            {
                preconditions["uid"] = options.Uid;
            }

            if (options.ResourceVersion is not null)
            {
                preconditions["resourceVersion"] = options.ResourceVersion;
            }

            body["preconditions"] = preconditions;
        }

        return Of(body);
    }

    private static RequestBody Of(string contentType, JsonNode json) =>
        new(contentType, JsonSerializer.SerializeToUtf8Bytes(json, KubernetesJson.Options));
}
