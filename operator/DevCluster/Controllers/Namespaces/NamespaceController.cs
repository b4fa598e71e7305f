using System.Text.Json.Nodes;
using ModelOperator.DevCluster.Controllers.Dynamic;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Informers;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.DevCluster.Controllers.Namespaces;

/// <summary>Empties a namespace that is being deleted and then lets it go.</summary>
internal sealed class NamespaceController : IClusterController
{
    private const string Finalizer = "kubernetes";
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(250);

    private readonly PathClient _client;
    private readonly ResourceDiscovery _discovery;
    private readonly IInformer<V1Namespace> _namespaces;
    private readonly TimeProvider _time;
    private readonly KeyedLoop _loop;

    public NamespaceController(PathClient client, SharedInformers informers, TimeProvider time, ILogger<NamespaceController> logger)
    {
        _client = client;
        _discovery = new ResourceDiscovery(client);
        _namespaces = informers.Get<V1Namespace>();
        _time = time;
        _loop = new KeyedLoop("namespace", ReconcileAsync, time, logger);
        _namespaces.AddHandler(change => _loop.Add(change.Object.Key()));
    }

    public Task RunAsync(CancellationToken cancellationToken) => _loop.RunAsync(cancellationToken);

    public void Dispose() => _loop.Dispose();

    private async Task<DateTimeOffset?> ReconcileAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        if (_namespaces.Get(key.Name) is not { Metadata.DeletionTimestamp: not null, Spec.Finalizers: { } finalizers } space
            || !finalizers.Contains(Finalizer))
        {
            return null;
        }

        var left = 0;
        foreach (var type in (await _discovery.FindAsync(cancellationToken)).Where(t => t.Namespaced))
        {
            left += await EmptyAsync(type, key.Name, cancellationToken);
        }

        if (left > 0)
        {
            return _time.GetUtcNow() + LookAgain;
        }

        await _client.SendAsync<JsonNode>(
            HttpMethod.Put,
            $"/api/v1/namespaces/{key.Name}/finalize",
            new JsonObject
            {
                ["apiVersion"] = "v1",
                ["kind"] = "Namespace",
                ["metadata"] = new JsonObject { ["name"] = key.Name, ["uid"] = space.Uid() },
                ["spec"] = new JsonObject { ["finalizers"] = new JsonArray([.. finalizers.Where(f => f != Finalizer).Select(f => JsonValue.Create(f))]) },
            },
            cancellationToken);
        return null;
    }

    /// <summary>Deletes what is not being deleted; returns how many objects there were.</summary>
    private async Task<int> EmptyAsync(ResourceType type, string namespaceName, CancellationToken cancellationToken)
    {
        var list = await _client.SendAsync<PartialObjectList>(HttpMethod.Get, type.Collection(namespaceName), cancellationToken: cancellationToken);
        foreach (var item in list.Items.Where(i => i.Metadata.DeletionTimestamp is null))
        {
            try
            {
                // Said outright: jobs would otherwise leave their pods behind.
                await _client.SendAsync<JsonNode>(
                    HttpMethod.Delete,
                    type.Object(namespaceName, item.Metadata.Name ?? ""),
                    new JsonObject { ["apiVersion"] = "v1", ["kind"] = "DeleteOptions", ["propagationPolicy"] = "Background" },
                    cancellationToken);
            }
            catch (KubernetesException e) when (e.IsNotFound)
            {
                // Gone with its owner.
            }
        }

        return list.Items.Count;
    }
}
