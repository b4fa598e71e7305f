using ModelOperator.Api.ModelDeployments;
using ModelOperator.Api.ModelRevisions;
using ModelOperator.Api.ModelRoutes;
using ModelOperator.Api.RollbackPolicies;
using ModelOperator.Api.ServingRuntimes;
using ModelOperator.Controller.ModelDeployments;
using ModelOperator.Kubernetes.Informers;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Controller.Hosting;

/// <summary>What the operator follows, without the parts of it that it never reads: those would be most of its memory.</summary>
internal static class OperatorCaches
{
    public static ClusterCaches Create(SharedInformers informers, InformerOptions routers)
    {
        var workloads = informers.Get<V1Deployment>(ClusterCaches.Owned);
        var pods = informers.Get<V1Pod>(ClusterCaches.Owned);
        workloads.SetTransform(workload => workload.Spec = new V1DeploymentSpec { Replicas = workload.Spec?.Replicas });
        pods.SetTransform(KeepImages);
        return new ClusterCaches(
            informers.Get<V1Alpha1ModelDeployment>(),
            informers.Get<V1Alpha1ModelRevision>(ClusterCaches.Owned),
            informers.Get<V1Alpha1ModelRoute>(ClusterCaches.Owned),
            informers.Get<V1Alpha1RollbackPolicy>(),
            informers.Get<V1Alpha1ServingRuntime>(),
            workloads,
            informers.Get<V1Service>(ClusterCaches.Owned),
            informers.Get<V1ConfigMap>(ClusterCaches.Owned),
            informers.Get<V1PodDisruptionBudget>(ClusterCaches.Owned),
            pods,
            informers.Get<V1Pod>(routers));
    }

    private static void KeepImages(V1Pod pod) => pod.Spec = new V1PodSpec
    {
        InitContainers = ImagesOf(pod.Spec?.InitContainers),
        Containers = ImagesOf(pod.Spec?.Containers) ?? [],
    };

    private static List<V1Container>? ImagesOf(IList<V1Container>? containers) =>
        containers?.Select(container => new V1Container { Name = container.Name, Image = container.Image }).ToList();
}
