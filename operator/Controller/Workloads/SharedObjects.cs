using ModelOperator.Api.Conventions;
using ModelOperator.Api.ModelDeployments;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Controller.Workloads;

/// <summary>The objects of a ModelDeployment as a whole, owned by it and of its name.</summary>
internal static class SharedObjects
{
    /// <summary>The in-cluster address of the stable revision, for callers that do not come through a router.</summary>
    public static V1Service Service(V1Alpha1ModelDeployment deployment, string stable) => Service(deployment, deployment.Name(), stable);

    /// <summary>The in-cluster address of the revision that is about to take over, for those who want to try it before.</summary>
    public static V1Service PreviewService(V1Alpha1ModelDeployment deployment, string revision) =>
        Service(deployment, deployment.Name() + "-preview", revision);

    /// <summary>Node drains take one model pod at a time; pods that are not ready never stand in their way.</summary>
    public static V1PodDisruptionBudget DisruptionBudget(V1Alpha1ModelDeployment deployment)
    {
        var budget = OwnedObject.Of<V1PodDisruptionBudget>(deployment, deployment.Name(), OwnedObject.Labels(deployment.Name()));
        budget.Spec = new V1PodDisruptionBudgetSpec
        {
            MaxUnavailable = 1,
            UnhealthyPodEvictionPolicy = "AlwaysAllow",
            Selector = new V1LabelSelector
            {
                MatchLabels = new Dictionary<string, string> { [LabelNames.Deployment] = deployment.Name(), [LabelNames.Role] = OwnedObject.ModelRole },
            },
        };
        return budget;
    }

    private static V1Service Service(V1Alpha1ModelDeployment deployment, string name, string revision)
    {
        var service = OwnedObject.Of<V1Service>(deployment, name, OwnedObject.Labels(deployment.Name()));
        service.Spec = new V1ServiceSpec
        {
            Selector = OwnedObject.Selector(deployment.Name(), revision),
            Ports = [new V1ServicePort { Name = Ports.HttpName, Port = 80, TargetPort = Ports.HttpName, Protocol = "TCP" }, OwnedObject.GrpcPort()],
        };
        return service;
    }
}
