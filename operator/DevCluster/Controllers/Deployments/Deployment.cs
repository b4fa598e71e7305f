using ModelOperator.Kubernetes.Models;

namespace ModelOperator.DevCluster.Controllers.Deployments;

/// <summary>A Deployment as its controller sees it: the pod template is as it was written, so that nothing in it is lost on the way to the pods.</summary>
[KubernetesEntity(Group = "apps", ApiVersion = "v1", Kind = "Deployment", PluralName = "deployments")]
internal sealed class Deployment : IKubernetesObject<V1ObjectMeta>
{
    public string? ApiVersion { get; set; }

    public string? Kind { get; set; }

    public V1ObjectMeta Metadata { get; set; } = new();

    public DeploymentSpec Spec { get; set; } = new();

    public V1DeploymentStatus? Status { get; set; }
}
