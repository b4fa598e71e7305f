using ModelOperator.DevCluster.Controllers.Dynamic;
using ModelOperator.Kubernetes.Client;

namespace ModelOperator.DevCluster.Controllers.GarbageCollection;

/// <summary>Keeps the graph's view of one kind current and says whom to look at.</summary>
internal sealed partial class ResourceMonitor(
    PathClient client, ResourceType type, ObjectGraph graph, Action<string> enqueue, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan RetryIn = TimeSpan.FromSeconds(1);

    private readonly ILogger _logger = logger;

    /// <summary>Lists and watches until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await FollowAsync(await ListAsync(cancellationToken), cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                break;
            }
            catch (KubernetesException e) when (e.IsExpired)
            {
                // Too far behind: list again.
            }
            catch (Exception e) when (e is KubernetesException or HttpRequestException or IOException or TimeoutException or InvalidDataException)
            {
                LogInterrupted(type.Plural, e.Message);
                try
                {
                    await Task.Delay(RetryIn, time, cancellationToken);
                }
                catch (OperationCanceledException)
                {
                    break;
                }
            }
        }

        foreach (var node in graph.OfType(type))
        {
            graph.Remove(node.Uid);
        }
    }

    private async Task<string> ListAsync(CancellationToken cancellationToken)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        string? next = null;
        string version;
        do
        {
            var query = next is null ? "" : $"&continue={Uri.EscapeDataString(next)}";
            var page = await client.SendAsync<PartialObjectList>(
                HttpMethod.Get, $"{type.Collection()}?limit=500{query}", cancellationToken: cancellationToken);
            foreach (var item in page.Items)
            {
                seen.Add(item.Metadata.Uid ?? "");
                Take(item);
            }

            next = page.Metadata.Continue;
            version = page.Metadata.ResourceVersion;
        }
        while (next is { Length: > 0 });

        foreach (var gone in graph.OfType(type).Where(n => !seen.Contains(n.Uid)))
        {
            Drop(gone);
        }

        return version;
    }

    private async Task FollowAsync(string version, CancellationToken cancellationToken)
    {
        while (true)
        {
            var path = $"{type.Collection()}?watch=true&allowWatchBookmarks=true&resourceVersion={version}";
            await foreach (var change in client.WatchAsync<PartialObject>(path, cancellationToken))
            {
                version = change.Object.Metadata.ResourceVersion ?? version;
                switch (change.Type)
                {
                    case WatchEventType.Added or WatchEventType.Modified:
                        Take(change.Object);
                        break;
                    case WatchEventType.Deleted:
                        Drop(new GraphNode(type, change.Object.Metadata));
                        break;
                    default:
                        break;
                }
            }
        }
    }

    private void Take(PartialObject item)
    {
        var node = graph.Set(type, item.Metadata);
        if (node.Metadata.OwnerReferences is { Count: > 0 } || node.WaitsForDependents || node.FreesDependents)
        {
            enqueue(node.Uid);
        }

        if (node.WaitsForDependents)
        {
            EnqueueDependents(node);
        }
    }

    private void Drop(GraphNode node)
    {
        graph.Remove(node.Uid);
        EnqueueDependents(node);
        // An owner may have waited for it.
        foreach (var owner in node.Metadata.OwnerReferences ?? [])
        {
            enqueue(owner.Uid);
        }
    }

    private void EnqueueDependents(GraphNode node)
    {
        foreach (var dependent in graph.DependentsOf(node.Uid))
        {
            enqueue(dependent.Uid);
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "garbage collector: watch of {Kind} interrupted: {Error}")]
    private partial void LogInterrupted(string kind, string error);
}
