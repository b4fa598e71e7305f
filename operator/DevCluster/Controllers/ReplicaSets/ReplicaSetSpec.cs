using System.Text.Json.Nodes;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.DevCluster.Controllers.ReplicaSets;

/// <summary>How many pods of which template a ReplicaSet keeps, by the API's names.</summary>
internal sealed class ReplicaSetSpec
{
    public int? Replicas { get; set; }

    public int? MinReadySeconds { get; set; }

    public V1LabelSelector? Selector { get; set; }

    public JsonObject Template { get; set; } = [];
}
