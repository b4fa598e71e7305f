using System.Text.Json;
using System.Text.Json.Nodes;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Models;
using ModelOperator.Kubernetes.Serialization;

namespace ModelOperator.DevCluster.Controllers;

/// <summary>Writes a status when it says something new.</summary>
internal static class StatusPatch
{
    public static async Task WriteStatusAsync<TEntity, TStatus>(
        this IKubernetesClient client, TEntity entity, TStatus? before, TStatus now, CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
        where TStatus : class
    {
        var old = JsonSerializer.SerializeToNode(before, KubernetesJson.Options) as JsonObject ?? [];
        var status = (JsonObject)JsonSerializer.SerializeToNode(now, KubernetesJson.Options)!;
        if (status.All(field => Same(old[field.Key], field.Value)))
        {
            return;
        }

        var patch = new JsonObject { ["metadata"] = new JsonObject { ["uid"] = entity.Metadata.Uid }, ["status"] = status };
        await client.PatchAsync<TEntity>(
            entity.Metadata.Name!, entity.Metadata.NamespaceProperty, PatchType.MergePatch, patch, "status", cancellationToken: cancellationToken);
    }

    // The API leaves zeros out.
    private static bool Same(JsonNode? old, JsonNode? now) =>
        JsonNode.DeepEquals(old, now) || (old is null && now is JsonValue value && value.TryGetValue<long>(out var number) && number == 0);
}
