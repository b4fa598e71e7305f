using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Models;
using ModelOperator.Kubernetes.Serialization;

namespace ModelOperator.DevCluster.Node.Pods;

/// <summary>Keeps the status of one pod in the API as the node sees it; writes only what changed.</summary>
internal sealed partial class PodStatusWriter(V1Pod pod, IPAddress address, PodContext context)
{
    private static readonly TimeSpan RetryIn = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly DateTime _startTime = pod.Status?.StartTime ?? context.Time.GetUtcNow().UtcDateTime;
    private readonly ILogger _logger = context.Logger;
    private V1PodStatus? _written;
    private string? _writtenText;

    /// <summary>Writes the status if it differs from what was written last; returns when to try again if that failed.</summary>
    public async Task<TimeSpan?> WriteAsync(V1Pod current, PodState state)
    {
        var status = context.StatusBuilder.Build(
            current, state, address.ToString(), _startTime, _written, context.Time.GetUtcNow().UtcDateTime);
        var json = Patch(status);
        var text = json.ToJsonString();
        if (text == _writtenText)
        {
            return null;
        }

        // The UID keeps a late write off a pod that has since taken the name.
        var patch = new JsonObject { ["metadata"] = new JsonObject { ["uid"] = current.Metadata.Uid }, ["status"] = json };
        try
        {
            using var patience = new CancellationTokenSource(Patience, context.Time);
            await context.Client.PatchAsync<V1Pod>(
                current.Metadata.Name!, current.Metadata.NamespaceProperty, PatchType.StrategicMergePatch, patch, "status", cancellationToken: patience.Token);
            _written = status;
            _writtenText = text;
            return null;
        }
        catch (KubernetesException e) when (e.IsNotFound)
        {
            return null;
        }
        catch (Exception e) when (e is KubernetesException or HttpRequestException or IOException or TimeoutException or OperationCanceledException)
        {
            LogNotWritten(state.Identity, e.Message);
            return RetryIn;
        }
    }

    /// <summary>Deletes the object for good; the node is the last to hold it.</summary>
    public async Task DeleteAsync(V1Pod current)
    {
        const int attempts = 5;
        for (var attempt = 1; attempt <= attempts; attempt++)
        {
            try
            {
                using var patience = new CancellationTokenSource(Patience, context.Time);
                await context.Client.DeleteAsync<V1Pod>(
                    current.Metadata.Name!,
                    current.Metadata.NamespaceProperty,
                    new DeleteOptions(GracePeriodSeconds: 0, Uid: current.Metadata.Uid),
                    patience.Token);
                return;
            }
            catch (KubernetesException e) when (e.IsConflict || e.IsNotFound)
            {
                // Another pod of that name: ours is gone already.
                return;
            }
            catch (Exception e) when (e is KubernetesException or HttpRequestException or IOException or TimeoutException or OperationCanceledException)
            {
                LogNotDeleted(current.Metadata.Name!, e.Message);
                await Task.Delay(RetryIn, context.Time);
            }
        }
    }

    /// <summary>Conditions are merged one by one, so that those of others stay; what a condition no longer says must be taken back by name.</summary>
    private static JsonObject Patch(V1PodStatus status)
    {
        var json = (JsonObject)JsonSerializer.SerializeToNode(status, KubernetesJson.Options)!;
        foreach (var condition in json["conditions"]!.AsArray().OfType<JsonObject>())
        {
            condition.TryAdd("reason", null);
            condition.TryAdd("message", null);
        }

        foreach (var list in (ReadOnlySpan<string>)["podIPs", "hostIPs"])
        {
            json[list]!.AsArray().Add((JsonNode)new JsonObject { ["$patch"] = "replace" });
        }

        return json;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Pod}: status not written, trying again: {Error}")]
    private partial void LogNotWritten(string pod, string error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "pod {Pod} not deleted: {Error}")]
    private partial void LogNotDeleted(string pod, string error);
}
