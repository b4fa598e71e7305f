using System.Text.Json.Nodes;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Informers;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.DevCluster.Controllers.ReplicaSets;

/// <summary>Keeps as many pods as each ReplicaSet asks for.</summary>
internal sealed class ReplicaSetController : IClusterController
{
    /// <summary>Indexes pods by the UID of their controller.</summary>
    public const string PodsByController = "controller";

    private readonly IKubernetesClient _client;
    private readonly PathClient _paths;
    private readonly IInformer<ReplicaSet> _replicaSets;
    private readonly IInformer<V1Pod> _pods;
    private readonly TimeProvider _time;
    private readonly Expectations _expectations;
    private readonly KeyedLoop _loop;

    public ReplicaSetController(
        IKubernetesClient client, PathClient paths, SharedInformers informers, TimeProvider time, ILogger<ReplicaSetController> logger)
    {
        _client = client;
        _paths = paths;
        _time = time;
        _expectations = new Expectations(time);
        _replicaSets = informers.Get<ReplicaSet>();
        _pods = informers.Get<V1Pod>();
        _loop = new KeyedLoop("replicaset", ReconcileAsync, time, logger);
        _pods.AddIndex(PodsByController, pod => pod.GetController() is { } owner ? [owner.Uid] : []);
        _replicaSets.AddHandler(change => _loop.Add(change.Object.Key()));
        _pods.AddHandler(OnPodChanged);
    }

    public Task RunAsync(CancellationToken cancellationToken) => _loop.RunAsync(cancellationToken);

    public void Dispose() => _loop.Dispose();

    private void OnPodChanged(InformerEvent<V1Pod> change)
    {
        var pod = change.Object;
        if (pod.GetController() is not { Kind: "ReplicaSet" } owner)
        {
            return;
        }

        var key = new ObjectKey(pod.Metadata.NamespaceProperty ?? "", owner.Name);
        _expectations.Settle(key, Creation(pod.Name()));
        if (change.Type == WatchEventType.Deleted || pod.Metadata.DeletionTimestamp is not null)
        {
            _expectations.Settle(key, Deletion(pod.Uid()!));
        }

        _loop.Add(key);
    }

    private async Task<DateTimeOffset?> ReconcileAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        if (_replicaSets.Get(key.Name, key.Namespace) is not { Metadata.Uid: { } uid } replicaSet)
        {
            return null;
        }

        // Asked before the pods are read: what settles in between only makes the view fresher than thought.
        var staleUntil = _expectations.OutstandingUntil(key);
        var plan = ReplicaSetPlanner.Plan(replicaSet, _pods.ByIndex(PodsByController, uid), _time.GetUtcNow());
        if (staleUntil is null)
        {
            await Task.WhenAll(
                [
                    .. Enumerable.Range(0, plan.Create).Select(_ => CreateAsync(key, replicaSet, cancellationToken)),
                    .. plan.Delete.Select(pod => DeleteAsync(key, pod, cancellationToken)),
                ]);
        }

        await _client.WriteStatusAsync(replicaSet, replicaSet.Status, plan.Status, cancellationToken);
        return staleUntil < plan.LookAgainAt || plan.LookAgainAt is null ? staleUntil : plan.LookAgainAt;
    }

    private async Task CreateAsync(ObjectKey key, ReplicaSet replicaSet, CancellationToken cancellationToken)
    {
        var pod = ReplicaSetPods.Create(replicaSet, out var name);
        _expectations.Expect(key, Creation(name));
        try
        {
            await _paths.SendAsync<JsonObject>(
                HttpMethod.Post, $"/api/v1/namespaces/{key.Namespace}/pods?fieldManager=kube-controller-manager", pod, cancellationToken);
        }
        catch
        {
            _expectations.Settle(key, Creation(name));
            throw;
        }
    }

    private async Task DeleteAsync(ObjectKey key, V1Pod pod, CancellationToken cancellationToken)
    {
        _expectations.Expect(key, Deletion(pod.Uid()!));
        try
        {
            if (!await _client.DeleteAsync<V1Pod>(pod.Name(), key.Namespace, new DeleteOptions(Uid: pod.Uid()), cancellationToken))
            {
                _expectations.Settle(key, Deletion(pod.Uid()!));
            }
        }
        catch
        {
            _expectations.Settle(key, Deletion(pod.Uid()!));
            throw;
        }
    }

    private static string Creation(string podName) => $"+{podName}";

    private static string Deletion(string podUid) => $"-{podUid}";
}
