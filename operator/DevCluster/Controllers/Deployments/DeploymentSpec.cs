using System.Text.Json.Nodes;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.DevCluster.Controllers.Deployments;

/// <summary>What a Deployment keeps running, by the API's names.</summary>
internal sealed class DeploymentSpec
{
    public int? Replicas { get; set; }

    public V1LabelSelector? Selector { get; set; }

    public JsonObject Template { get; set; } = [];

    public V1DeploymentStrategy? Strategy { get; set; }

    public int? MinReadySeconds { get; set; }

    public int? RevisionHistoryLimit { get; set; }

    public bool? Paused { get; set; }

    public int? ProgressDeadlineSeconds { get; set; }
}
