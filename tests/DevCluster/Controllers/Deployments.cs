using System.Text.Json.Nodes;
using ModelOperator.DevCluster.Controllers.Deployments;
using ModelOperator.DevCluster.Controllers.ReplicaSets;
using ModelOperator.Kubernetes.Models;
using ModelOperator.Kubernetes.Serialization;

namespace ModelOperator.DevCluster.Tests.Controllers;

/// <summary>Deployments and ReplicaSets to plan for.</summary>
internal static class Deployments
{
    private static readonly Dictionary<string, string> Labels = new() { ["app"] = "web" };

    public static Deployment Of(int replicas, string image) => new()
    {
        Metadata = new V1ObjectMeta { Name = "web", NamespaceProperty = "default", Uid = "d", Generation = 1 },
        Spec = new DeploymentSpec
        {
            Replicas = replicas,
            Selector = new V1LabelSelector { MatchLabels = Labels },
            Template = new JsonObject
            {
                ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["app"] = "web" } },
                ["spec"] = new JsonObject
                {
                    ["containers"] = new JsonArray(new JsonObject { ["name"] = "web", ["image"] = image }),
                    ["priorityClassName"] = "high",
                },
            },
        },
    };

    public static ReplicaSet ReplicaSetOf(Deployment deployment, int replicas, int available = 0, long revision = 1, int? desired = null)
    {
        var hash = PodTemplateHash.Of(deployment.Spec.Template);
        return new ReplicaSet
        {
            Metadata = new V1ObjectMeta
            {
                Name = $"web-{hash}",
                NamespaceProperty = "default",
                Uid = hash,
                Labels = new Dictionary<string, string>(Labels) { [PodTemplateHash.Label] = hash },
                Annotations = new Dictionary<string, string>
                {
                    [DeploymentAnnotations.Revision] = $"{revision}",
                    [DeploymentAnnotations.DesiredReplicas] = $"{desired ?? deployment.Spec.Replicas}",
                },
            },
            Spec = new ReplicaSetSpec { Replicas = replicas },
            Status = new V1ReplicaSetStatus { Replicas = replicas, ReadyReplicas = available, AvailableReplicas = available },
        };
    }

    public static string Json<T>(T value) => KubernetesJson.Serialize(value);
}
