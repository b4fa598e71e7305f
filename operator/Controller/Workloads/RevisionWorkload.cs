using ModelOperator.Api.Conventions;
using ModelOperator.Api.ModelRevisions;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Controller.Workloads;

/// <summary>The objects that run one revision, all of its name and owned by its record.</summary>
internal static class RevisionWorkload
{
    public static V1Deployment Deployment(V1Alpha1ModelRevision revision, int replicas)
    {
        var deployment = OwnedObject.Of<V1Deployment>(revision, revision.Name(), OwnedObject.Labels(revision));
        deployment.Spec = new V1DeploymentSpec
        {
            Replicas = replicas,
            RevisionHistoryLimit = 1,
            Selector = new V1LabelSelector { MatchLabels = OwnedObject.Selector(revision.Spec.Deployment, revision.Name()) },
            Template = ModelPod.Template(revision),
        };
        return deployment;
    }

    /// <summary>The Service whose EndpointSlices the routers follow.</summary>
    public static V1Service Service(V1Alpha1ModelRevision revision)
    {
        var service = OwnedObject.Of<V1Service>(revision, revision.Name(), OwnedObject.Labels(revision));
        service.Spec = new V1ServiceSpec
        {
            Selector = OwnedObject.Selector(revision.Spec.Deployment, revision.Name()),
            Ports =
            [
                new V1ServicePort { Name = Ports.HttpName, Port = Ports.ModelRest, TargetPort = Ports.HttpName, Protocol = "TCP" },
                OwnedObject.GrpcPort(),
                new V1ServicePort { Name = Ports.MetricsName, Port = Ports.ModelMetrics, TargetPort = Ports.MetricsName, Protocol = "TCP" },
            ],
        };
        return service;
    }

    /// <summary>What later pods of the revision hold their bytes against.</summary>
    public static V1ConfigMap DigestPin(V1Alpha1ModelRevision revision, string sha256)
    {
        var map = OwnedObject.Of<V1ConfigMap>(revision, revision.Name(), OwnedObject.Labels(revision));
        map.Data = new Dictionary<string, string> { [ModelPod.DigestKey] = sha256 };
        return map;
    }
}
