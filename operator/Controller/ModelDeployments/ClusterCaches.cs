using ModelOperator.Api.Conventions;
using ModelOperator.Api.ModelDeployments;
using ModelOperator.Api.ModelRevisions;
using ModelOperator.Api.ModelRoutes;
using ModelOperator.Api.RollbackPolicies;
using ModelOperator.Api.ServingRuntimes;
using ModelOperator.Controller.Analysis.Policies;
using ModelOperator.Kubernetes.Informers;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Controller.ModelDeployments;

/// <summary>What the operator knows of the cluster without asking. Only its own objects and the routers are followed.</summary>
internal sealed class ClusterCaches
{
    /// <summary>Selects what the operator owns.</summary>
    public const string Owned = LabelNames.AppManagedBy + "=" + ApiGroup.FieldManager + "," + LabelNames.Deployment;

    /// <summary>Selects the pods of the routers.</summary>
    public const string Routers = LabelNames.AppComponent + "=router," + LabelNames.AppPartOf + "=" + ApiGroup.FieldManager;

    private const string ByDeployment = "deployment";
    private const string ByPolicy = "policy";
    private const string ByUser = "user";

    public ClusterCaches(
        IInformer<V1Alpha1ModelDeployment> deployments,
        IInformer<V1Alpha1ModelRevision> revisions,
        IInformer<V1Alpha1ModelRoute> routes,
        IInformer<V1Alpha1RollbackPolicy> policies,
        IInformer<V1Alpha1ServingRuntime> runtimes,
        IInformer<V1Deployment> workloads,
        IInformer<V1Service> services,
        IInformer<V1ConfigMap> configMaps,
        IInformer<V1PodDisruptionBudget> disruptionBudgets,
        IInformer<V1Pod> modelPods,
        IInformer<V1Pod> routerPods)
    {
        (Deployments, Revisions, Routes, Policies, Runtimes) = (deployments, revisions, routes, policies, runtimes);
        (Workloads, Services, ConfigMaps, DisruptionBudgets) = (workloads, services, configMaps, disruptionBudgets);
        (ModelPods, RouterPods) = (modelPods, routerPods);
        revisions.AddIndex(ByDeployment, revision => DeploymentOf(revision).Select(key => key.ToString()));
        modelPods.AddIndex(ByDeployment, pod => DeploymentOf(pod).Select(key => key.ToString()));
        deployments.AddIndex(ByPolicy, deployment => PolicyReport.NamedBy(deployment).Select(name => new ObjectKey(deployment.Namespace() ?? "", name).ToString()));
        revisions.AddIndex(ByPolicy, revision => (revision.Status.Policies ?? []).Select(policy => new ObjectKey(revision.Namespace() ?? "", policy.Name).ToString()));
        policies.AddIndex(ByUser, policy => (policy.Status.UsedBy ?? []).Select(name => new ObjectKey(policy.Namespace() ?? "", name).ToString()));
    }

    public IInformer<V1Alpha1ModelDeployment> Deployments { get; }

    public IInformer<V1Alpha1ModelRevision> Revisions { get; }

    public IInformer<V1Alpha1ModelRoute> Routes { get; }

    public IInformer<V1Alpha1RollbackPolicy> Policies { get; }

    public IInformer<V1Alpha1ServingRuntime> Runtimes { get; }

    public IInformer<V1Deployment> Workloads { get; }

    public IInformer<V1Service> Services { get; }

    public IInformer<V1ConfigMap> ConfigMaps { get; }

    public IInformer<V1PodDisruptionBudget> DisruptionBudgets { get; }

    public IInformer<V1Pod> ModelPods { get; }

    public IInformer<V1Pod> RouterPods { get; }

    /// <summary>The ModelDeployment that an owned object belongs to, by its label.</summary>
    public static IEnumerable<ObjectKey> DeploymentOf(IKubernetesObject<V1ObjectMeta> entity) =>
        entity.GetLabel(LabelNames.Deployment) is { } name ? [new ObjectKey(entity.Namespace() ?? "", name)] : [];

    public IReadOnlyList<V1Alpha1ModelRevision> RevisionsOf(V1Alpha1ModelDeployment deployment) =>
        [.. Revisions.ByIndex(ByDeployment, deployment.Key().ToString()).Where(revision => revision.IsOwnedBy(deployment)).OrderBy(revision => revision.Spec.Number)];

    /// <summary>The ModelDeployments whose spec names a policy.</summary>
    public IReadOnlyList<V1Alpha1ModelDeployment> UsersOf(V1Alpha1RollbackPolicy policy) => Deployments.ByIndex(ByPolicy, policy.Key().ToString());

    /// <summary>The ModelDeployments whose spec names a policy, and those with a revision that is judged by it.</summary>
    public IEnumerable<ObjectKey> ConcernedBy(V1Alpha1RollbackPolicy policy) => UsersOf(policy)
        .Select(deployment => deployment.Key())
        .Concat(Revisions.ByIndex(ByPolicy, policy.Key().ToString()).SelectMany(DeploymentOf))
        .Distinct();

    /// <summary>The policies that a ModelDeployment names, and those whose status still says so.</summary>
    public IEnumerable<ObjectKey> PoliciesOf(V1Alpha1ModelDeployment deployment) => PolicyReport.NamedBy(deployment)
        .Select(name => new ObjectKey(deployment.Namespace() ?? "", name))
        .Concat(Policies.ByIndex(ByUser, deployment.Key().ToString()).Select(policy => policy.Key()))
        .Distinct();

    public ILookup<string, V1Pod> PodsOf(V1Alpha1ModelDeployment deployment) => ModelPods
        .ByIndex(ByDeployment, deployment.Key().ToString())
        .ToLookup(pod => pod.GetLabel(LabelNames.Revision) ?? "");
}
