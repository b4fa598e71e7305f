using System.Security.Cryptography;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Informers;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.DevCluster.Controllers.ReplicaSets;

/// <summary>Keeps as many pods as each ReplicaSet asks for.</summary>
internal sealed class ReplicaSetController : IClusterController, IDisposable
{
    /// <summary>Indexes pods by the UID of their controller.</summary>
    public const string PodsByController = "controller";

    private const string NameAlphabet = "bcdfghjklmnpqrstvwxz2456789";
    private const int SuffixLength = 5;

    private readonly IKubernetesClient _client;
    private readonly IInformer<V1ReplicaSet> _replicaSets;
    private readonly IInformer<V1Pod> _pods;
    private readonly TimeProvider _time;
    private readonly Expectations _expectations;
    private readonly KeyedLoop _loop;

    public ReplicaSetController(IKubernetesClient client, SharedInformers informers, TimeProvider time, ILogger<ReplicaSetController> logger)
    {
        _client = client;
        _time = time;
        _expectations = new Expectations(time);
        _replicaSets = informers.Get<V1ReplicaSet>();
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

    private async Task CreateAsync(ObjectKey key, V1ReplicaSet replicaSet, CancellationToken cancellationToken)
    {
        var template = replicaSet.Spec?.Template;
        var prefix = $"{replicaSet.Name()}-";
        // The server would pick such a name itself; picked here, the pod is known before it is seen.
        var name = prefix + RandomNumberGenerator.GetString(NameAlphabet, SuffixLength);
        var pod = new V1Pod
        {
            ApiVersion = "v1",
            Kind = "Pod",
            Metadata = new V1ObjectMeta
            {
                Name = name,
                GenerateName = prefix,
                NamespaceProperty = key.Namespace,
                Labels = template?.Metadata?.Labels,
                Annotations = template?.Metadata?.Annotations,
                Finalizers = template?.Metadata?.Finalizers,
                OwnerReferences = [replicaSet.CreateOwnerReference(controller: true, blockDeletion: true)],
            },
            Spec = template?.Spec,
        };
        _expectations.Expect(key, Creation(name));
        try
        {
            await _client.CreateAsync(pod, "kube-controller-manager", cancellationToken);
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
