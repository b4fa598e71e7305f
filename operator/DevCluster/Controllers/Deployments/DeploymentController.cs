using System.Text.Json.Nodes;
using ModelOperator.DevCluster.Controllers.ReplicaSets;
using ModelOperator.DevCluster.Controllers.Selection;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Informers;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.DevCluster.Controllers.Deployments;

/// <summary>Moves each Deployment's pods to its present template through ReplicaSets.</summary>
internal sealed class DeploymentController : IClusterController
{
    private const string ReplicaSetsByController = "controller";
    private const string FieldManager = "kube-controller-manager";

    private readonly IKubernetesClient _client;
    private readonly IInformer<Deployment> _deployments;
    private readonly IInformer<ReplicaSet> _replicaSets;
    private readonly IInformer<V1Pod> _pods;
    private readonly TimeProvider _time;
    private readonly KeyedLoop _loop;

    public DeploymentController(IKubernetesClient client, SharedInformers informers, TimeProvider time, ILogger<DeploymentController> logger)
    {
        _client = client;
        _time = time;
        _deployments = informers.Get<Deployment>();
        _replicaSets = informers.Get<ReplicaSet>();
        _pods = informers.Get<V1Pod>();
        _loop = new KeyedLoop("deployment", ReconcileAsync, time, logger);
        _replicaSets.AddIndex(ReplicaSetsByController, r => r.GetController() is { } owner ? [owner.Uid] : []);
        _deployments.AddHandler(change => _loop.Add(change.Object.Key()));
        _replicaSets.AddHandler(change => AddOwner(change.Object));
        _pods.AddHandler(OnPodChanged);
    }

    public Task RunAsync(CancellationToken cancellationToken) => _loop.RunAsync(cancellationToken);

    public void Dispose() => _loop.Dispose();

    // A Recreate waits for the last old pod to be gone, which no ReplicaSet tells.
    private void OnPodChanged(InformerEvent<V1Pod> change)
    {
        var pod = change.Object;
        if ((change.Type == WatchEventType.Deleted || pod.HasEnded())
            && pod.GetController() is { Kind: "ReplicaSet" } owner
            && _replicaSets.Get(owner.Name, pod.Metadata.NamespaceProperty) is { } replicaSet)
        {
            AddOwner(replicaSet);
        }
    }

    private void AddOwner(ReplicaSet replicaSet)
    {
        if (replicaSet.GetController() is { Kind: "Deployment" } owner)
        {
            _loop.Add(new ObjectKey(replicaSet.Metadata.NamespaceProperty ?? "", owner.Name));
        }
    }

    private async Task<DateTimeOffset?> ReconcileAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        if (_deployments.Get(key.Name, key.Namespace) is not { Metadata.Uid: { } uid } deployment)
        {
            return null;
        }

        var view = DeploymentView.Of(
            deployment,
            _replicaSets.ByIndex(ReplicaSetsByController, uid),
            replicaSet => _pods.ByIndex(ReplicaSetController.PodsByController, replicaSet.Uid()!).Any(p => !p.HasEnded()));
        var plan = DeploymentPlanner.Plan(view, _time.GetUtcNow());
        foreach (var action in plan.Actions)
        {
            await ApplyAsync(action, cancellationToken);
        }

        if (plan.Revision is { } revision && DeploymentAnnotations.RevisionOf(deployment) != revision)
        {
            await PatchAsync(deployment, new JsonObject { ["metadata"] = Annotations((DeploymentAnnotations.Revision, revision)) }, cancellationToken);
        }

        await _client.WriteStatusAsync(deployment, deployment.Status, plan.Status, cancellationToken);
        return plan.LookAgainAt;
    }

    private Task ApplyAsync(DeploymentAction action, CancellationToken cancellationToken) => action switch
    {
        DeploymentAction.Create create => _client.CreateAsync(create.ReplicaSet, FieldManager, cancellationToken),
        DeploymentAction.Scale scale => PatchAsync(
            scale.ReplicaSet,
            new JsonObject
            {
                ["metadata"] = AtVersion(scale.ReplicaSet, Annotations((DeploymentAnnotations.DesiredReplicas, scale.DesiredReplicas))),
                ["spec"] = new JsonObject { ["replicas"] = scale.Replicas },
            },
            cancellationToken),
        DeploymentAction.Number number => PatchAsync(
            number.ReplicaSet, new JsonObject { ["metadata"] = Annotations((DeploymentAnnotations.Revision, number.Revision)) }, cancellationToken),
        DeploymentAction.Delete delete => _client.DeleteAsync<ReplicaSet>(
            delete.ReplicaSet.Name(), delete.ReplicaSet.Namespace(), new DeleteOptions(Uid: delete.ReplicaSet.Uid()), cancellationToken),
        _ => throw new InvalidOperationException($"no way to apply {action}"),
    };

    private Task<T> PatchAsync<T>(T entity, JsonObject patch, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        _client.PatchAsync<T>(
            entity.Name(), entity.Namespace(), PatchType.MergePatch, patch, fieldManager: FieldManager, cancellationToken: cancellationToken);

    private static JsonObject Annotations((string Name, long Value) annotation) =>
        new() { ["annotations"] = new JsonObject { [annotation.Name] = $"{annotation.Value}" } };

    /// <summary>A size computed from a stale view must not be written.</summary>
    private static JsonObject AtVersion(ReplicaSet replicaSet, JsonObject metadata)
    {
        metadata["resourceVersion"] = replicaSet.ResourceVersion();
        return metadata;
    }
}
