using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using ModelOperator.DevCluster.Controllers.Dynamic;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Informers;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.DevCluster.Controllers.GarbageCollection;

/// <summary>Deletes what has lost all its owners, whatever its kind, and carries out foreground and orphaning deletions.</summary>
internal sealed partial class GarbageCollector : IClusterController
{
    private static readonly TimeSpan RetryIn = TimeSpan.FromSeconds(1);

    private readonly PathClient _client;
    private readonly ResourceDiscovery _discovery;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ObjectGraph _graph = new();
    private readonly ConcurrentDictionary<ResourceType, CancellationTokenSource> _monitors = new();
    private readonly SemaphoreSlim _typesChanged = new(1);
    private readonly KeyedLoop _loop;

    public GarbageCollector(PathClient client, SharedInformers informers, TimeProvider time, ILogger<GarbageCollector> logger)
    {
        _client = client;
        _discovery = new ResourceDiscovery(client);
        _time = time;
        _logger = logger;
        _loop = new KeyedLoop("garbage collector", (key, token) => CollectAsync(key.Name, token), time, logger);
        informers.Get<V1CustomResourceDefinition>().AddHandler(_ => _typesChanged.Release());
    }

    /// <inheritdoc/>
    public async Task RunAsync(CancellationToken cancellationToken) =>
        await Task.WhenAll(_loop.RunAsync(cancellationToken), FollowTypesAsync(cancellationToken));

    public void Dispose()
    {
        _loop.Dispose();
        _typesChanged.Dispose();
    }

    private async Task FollowTypesAsync(CancellationToken cancellationToken)
    {
        var running = new List<Task>();
        try
        {
            while (true)
            {
                await _typesChanged.WaitAsync(cancellationToken);
                while (_typesChanged.Wait(0, CancellationToken.None))
                {
                    // Many changes, one look.
                }

                try
                {
                    running.AddRange(Follow(await _discovery.FindAsync(cancellationToken), cancellationToken));
                }
                catch (Exception e) when (e is KubernetesException or HttpRequestException or IOException or TimeoutException)
                {
                    LogCannotDiscover(e.Message);
                    await Task.Delay(RetryIn, _time, cancellationToken);
                    _typesChanged.Release();
                }
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(running);
        }
    }

    private List<Task> Follow(IReadOnlyList<ResourceType> types, CancellationToken cancellationToken)
    {
        foreach (var (gone, stop) in _monitors.Where(m => !types.Contains(m.Key)))
        {
            _monitors.TryRemove(gone, out _);
            stop.Cancel();
        }

        var started = new List<Task>();
        foreach (var type in types.Where(t => !_monitors.ContainsKey(t)))
        {
            var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            _monitors[type] = stop;
            started.Add(new ResourceMonitor(_client, type, _graph, Enqueue, _time, _logger).RunAsync(stop.Token));
        }

        return started;
    }

    private void Enqueue(string uid) => _loop.Add(new ObjectKey("", uid));

    private async Task<DateTimeOffset?> CollectAsync(string uid, CancellationToken cancellationToken)
    {
        if (_graph.Get(uid) is not { } node)
        {
            return null;
        }

        var owners = new List<GraphNode>();
        foreach (var reference in node.Metadata.OwnerReferences ?? [])
        {
            if (await FindOwnerAsync(node, reference, cancellationToken) is { } owner)
            {
                owners.Add(owner);
            }
        }

        switch (CollectionPlanner.Judge(node, owners, _graph.DependentsOf(uid)))
        {
            case CollectionVerdict.DeleteBackground:
                await DeleteAsync(node, "Background", cancellationToken);
                break;
            case CollectionVerdict.DeleteForeground:
                await DeleteAsync(node, "Foreground", cancellationToken);
                break;
            case CollectionVerdict.FinishForeground:
                await RemoveFinalizerAsync(node, GraphNode.ForegroundFinalizer, cancellationToken);
                break;
            case CollectionVerdict.Orphan:
                await FreeDependentsAsync(node, cancellationToken);
                await RemoveFinalizerAsync(node, GraphNode.OrphanFinalizer, cancellationToken);
                break;
            default:
                if (owners.Count > 0 && owners.Count < node.Metadata.OwnerReferences?.Count)
                {
                    await KeepOwnersAsync(node, reference => owners.Any(owner => owner.Uid == reference.Uid), cancellationToken);
                }

                break;
        }

        return null;
    }

    /// <summary>The owner as the graph knows it, else as the API does: a watch may lag behind.</summary>
    private async Task<GraphNode?> FindOwnerAsync(GraphNode node, V1OwnerReference reference, CancellationToken cancellationToken)
    {
        if (_graph.Get(reference.Uid) is { } known)
        {
            return known;
        }

        var type = _monitors.Keys.FirstOrDefault(t => t.GroupVersion == reference.ApiVersion && t.Kind == reference.Kind)
            ?? throw new InvalidOperationException($"{node.Path} is owned by {reference.ApiVersion} {reference.Kind}, which is not served: it is kept");
        try
        {
            var owner = await _client.SendAsync<PartialObject>(
                HttpMethod.Get, type.Object(node.Metadata.NamespaceProperty, reference.Name), cancellationToken: cancellationToken);
            return owner.Metadata.Uid == reference.Uid ? new GraphNode(type, owner.Metadata) : null;
        }
        catch (KubernetesException e) when (e.IsNotFound)
        {
            return null;
        }
    }

    private async Task DeleteAsync(GraphNode node, string policy, CancellationToken cancellationToken)
    {
        try
        {
            await _client.SendAsync<JsonNode>(
                HttpMethod.Delete,
                node.Path,
                new JsonObject
                {
                    ["apiVersion"] = "v1",
                    ["kind"] = "DeleteOptions",
                    ["propagationPolicy"] = policy,
                    ["preconditions"] = new JsonObject { ["uid"] = node.Uid },
                },
                cancellationToken);
            LogDeleted(node.Path);
        }
        catch (KubernetesException e) when (e.IsNotFound || e.IsConflict)
        {
            // Gone already.
        }
    }

    private async Task FreeDependentsAsync(GraphNode owner, CancellationToken cancellationToken)
    {
        foreach (var dependent in _graph.DependentsOf(owner.Uid))
        {
            await KeepOwnersAsync(dependent, reference => reference.Uid != owner.Uid, cancellationToken);
        }
    }

    private Task KeepOwnersAsync(GraphNode dependent, Func<V1OwnerReference, bool> kept, CancellationToken cancellationToken)
    {
        var left = dependent.Metadata.OwnerReferences!.Where(kept)
            .Select(reference => System.Text.Json.JsonSerializer.SerializeToNode(reference, Kubernetes.Serialization.KubernetesJson.Options));
        return PatchMetadataAsync(dependent, "ownerReferences", new JsonArray([.. left]), cancellationToken);
    }

    private Task RemoveFinalizerAsync(GraphNode node, string finalizer, CancellationToken cancellationToken) => PatchMetadataAsync(
        node, "finalizers", new JsonArray([.. node.Metadata.Finalizers!.Where(f => f != finalizer).Select(f => JsonValue.Create(f))]), cancellationToken);

    private async Task PatchMetadataAsync(GraphNode node, string field, JsonArray value, CancellationToken cancellationToken)
    {
        try
        {
            await _client.SendAsync<JsonNode>(
                HttpMethod.Patch,
                node.Path,
                new JsonObject
                {
                    ["metadata"] = new JsonObject
                    {
                        ["uid"] = node.Uid,
                        ["resourceVersion"] = node.Metadata.ResourceVersion,
                        [field] = value.Count > 0 ? value : null,
                    },
                },
                cancellationToken);
        }
        catch (KubernetesException e) when (e.IsNotFound)
        {
            // Gone already.
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "garbage collector: discovery failed, trying again: {Error}")]
    private partial void LogCannotDiscover(string error);

    [LoggerMessage(Level = LogLevel.Debug, Message = "garbage collector: deleted {Path}")]
    private partial void LogDeleted(string path);
}
