using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using ModelOperator.DevCluster.Controllers.Claims;
using ModelOperator.DevCluster.Controllers.Selection;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Events;
using ModelOperator.Kubernetes.Informers;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.DevCluster.Controllers.Scheduling;

/// <summary>Binds pods to nodes with room for them.</summary>
internal sealed class Scheduler : IClusterController
{
    private const string Name = "default-scheduler";

    private readonly IKubernetesClient _client;
    private readonly PathClient _paths;
    private readonly IEventPublisher _events;
    private readonly IInformer<V1Pod> _pods;
    private readonly IInformer<V1Node> _nodes;
    private readonly IInformer<Claim> _claims;
    private readonly TimeProvider _time;
    private readonly KeyedLoop _loop;
    private readonly SemaphoreSlim _placing = new(1);

    /// <summary>Pods bound but not yet seen on their node, by UID.</summary>
    private readonly ConcurrentDictionary<string, (string NodeName, V1Pod Pod)> _assumed = new(StringComparer.Ordinal);

    public Scheduler(
        IKubernetesClient client, PathClient paths, IEventPublisher events, SharedInformers informers, TimeProvider time, ILogger<Scheduler> logger)
    {
        _client = client;
        _paths = paths;
        _events = events;
        _time = time;
        _pods = informers.Get<V1Pod>();
        _nodes = informers.Get<V1Node>();
        _claims = informers.Get<Claim>();
        _loop = new KeyedLoop("scheduler", ReconcileAsync, time, logger);
        _pods.AddHandler(OnPodChanged);
        _nodes.AddHandler(OnNodeChanged);
        _claims.AddHandler(_ => AddWaiting());
    }

    public Task RunAsync(CancellationToken cancellationToken) => _loop.RunAsync(cancellationToken);

    public void Dispose()
    {
        _loop.Dispose();
        _placing.Dispose();
    }

    private static bool IsWaiting(V1Pod pod) => pod.IsActive() && pod.Spec is { NodeName: null or "", SchedulerName: null or "" or Name };

    private void OnPodChanged(InformerEvent<V1Pod> change)
    {
        var pod = change.Object;
        if (change.Type == WatchEventType.Deleted || pod.Spec?.NodeName is { Length: > 0 })
        {
            _assumed.TryRemove(pod.Uid() ?? "", out _);
        }

        if (change.Type != WatchEventType.Deleted && IsWaiting(pod))
        {
            _loop.Add(pod.Key());
        }
        else if (change.Type == WatchEventType.Deleted || pod.HasEnded())
        {
            // There is room again.
            AddWaiting();
        }
    }

    private void OnNodeChanged(InformerEvent<V1Node> change)
    {
        // Heartbeats change nothing that a pod waits for.
        if (change.Previous is not { } before || Offer(before) != Offer(change.Object))
        {
            AddWaiting();
        }
    }

    private static string Offer(V1Node node) => string.Join(
        '|',
        node.Spec?.Unschedulable,
        string.Join(',', (node.Spec?.Taints ?? []).Select(t => $"{t.Key}={t.Value}:{t.Effect}")),
        string.Join(',', (node.Metadata.Labels ?? new Dictionary<string, string>()).Select(l => $"{l.Key}={l.Value}")),
        string.Join(',', (node.Status?.Allocatable ?? new Dictionary<string, string>()).Select(a => $"{a.Key}={a.Value}")),
        node.Status?.Conditions?.FirstOrDefault(c => c.Type == "Ready")?.Status);

    private void AddWaiting()
    {
        foreach (var pod in _pods.List().Where(IsWaiting))
        {
            _loop.Add(pod.Key());
        }
    }

    private async Task<DateTimeOffset?> ReconcileAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        if (_pods.Get(key.Name, key.Namespace) is not { Metadata.Uid: { } uid } pod || !IsWaiting(pod) || _assumed.ContainsKey(uid))
        {
            return null;
        }

        var placement = await PlaceAsync(uid, pod, cancellationToken);
        if (placement.NodeName is { } nodeName)
        {
            try
            {
                await BindAsync(key, uid, nodeName, cancellationToken);
            }
            catch
            {
                _assumed.TryRemove(uid, out _);
                throw;
            }

            await _events.PublishAsync(
                pod, EventType.Normal, "Scheduled", $"Successfully assigned {key} to {nodeName}", "Scheduled", cancellationToken);
        }
        else
        {
            await ExplainAsync(pod, placement.Message, cancellationToken);
        }

        return null;
    }

    private async Task<Placement> PlaceAsync(string uid, V1Pod pod, CancellationToken cancellationToken)
    {
        // One at a time: the next pod must see what this one takes.
        await _placing.WaitAsync(cancellationToken);
        try
        {
            var placement = SchedulingPlanner.Place(pod, _nodes.List(), UsedOn, name => StateOf(name, pod.Metadata.NamespaceProperty));
            if (placement.NodeName is { } nodeName)
            {
                _assumed[uid] = (nodeName, pod);
            }

            return placement;
        }
        finally
        {
            _placing.Release();
        }
    }

    private ClaimState? StateOf(string claim, string? namespaceName) =>
        _claims.Get(claim, namespaceName) is { } found ? found.IsBound ? ClaimState.Bound : ClaimState.Pending : null;

    private ResourceAmounts UsedOn(V1Node node)
    {
        var used = new ResourceAmounts();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (uid, (nodeName, pod)) in _assumed)
        {
            if (nodeName == node.Name())
            {
                seen.Add(uid);
                used.Add(ResourceAmounts.RequestedBy(pod));
            }
        }

        foreach (var pod in _pods.List().Where(p => p.Spec?.NodeName == node.Name() && !p.HasEnded() && seen.Add(p.Uid()!)))
        {
            used.Add(ResourceAmounts.RequestedBy(pod));
        }

        return used;
    }

    private Task<JsonNode> BindAsync(ObjectKey key, string uid, string nodeName, CancellationToken cancellationToken) =>
        _paths.SendAsync<JsonNode>(
            HttpMethod.Post,
            $"/api/v1/namespaces/{key.Namespace}/pods/{key.Name}/binding",
            new JsonObject
            {
                ["apiVersion"] = "v1",
                ["kind"] = "Binding",
                ["metadata"] = new JsonObject { ["name"] = key.Name, ["namespace"] = key.Namespace, ["uid"] = uid },
                ["target"] = new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Node", ["name"] = nodeName },
            },
            cancellationToken);

    private async Task ExplainAsync(V1Pod pod, string message, CancellationToken cancellationToken)
    {
        var before = pod.Status?.Conditions?.FirstOrDefault(c => c.Type == "PodScheduled");
        if (before is { Status: "False" } && before.Message == message)
        {
            return;
        }

        var now = _time.GetUtcNow().UtcDateTime;
        var condition = new V1PodCondition
        {
            Type = "PodScheduled",
            Status = "False",
            Reason = "Unschedulable",
            Message = message,
            LastTransitionTime = before is { Status: "False" } ? before.LastTransitionTime : now.AddTicks(-(now.Ticks % TimeSpan.TicksPerSecond)),
        };
        var status = new V1PodStatus
        {
            Conditions = [condition, .. (pod.Status?.Conditions ?? []).Where(c => c.Type != "PodScheduled")],
        };
        await _client.WriteStatusAsync(pod, pod.Status, status, cancellationToken);
        await _events.PublishAsync(pod, EventType.Warning, "FailedScheduling", message, message, cancellationToken);
    }
}
