using System.Text.Json.Nodes;
using ModelOperator.DevCluster.Controllers.Selection;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.DevCluster.Controllers.ReplicaSets;

/// <summary>Decides what a ReplicaSet needs.</summary>
internal static class ReplicaSetPlanner
{
    /// <summary>No more than this many pods are made or deleted at once.</summary>
    private const int Burst = 500;

    /// <param name="replicaSet">The ReplicaSet.</param>
    /// <param name="pods">All pods that it controls.</param>
    /// <param name="now">The time.</param>
    public static ReplicaSetPlan Plan(ReplicaSet replicaSet, IEnumerable<V1Pod> pods, DateTimeOffset now)
    {
        var spec = replicaSet.Spec;
        var wanted = replicaSet.Metadata.DeletionTimestamp is null ? spec.Replicas ?? 1 : 0;
        var active = pods.Where(p => p.IsActive()).ToList();
        var surplus = active.Count - wanted;
        var minReady = spec.MinReadySeconds ?? 0;
        var template = (spec.Template["metadata"]?["labels"] as JsonObject ?? []).ToDictionary(label => label.Key, label => (string?)label.Value ?? "");
        var status = new V1ReplicaSetStatus
        {
            Replicas = active.Count,
            FullyLabeledReplicas = active.Count(p => Selectors.Matches(template, p.Metadata.Labels)),
            ReadyReplicas = active.Count(p => p.IsReady()),
            AvailableReplicas = active.Count(p => p.IsAvailable(minReady, now)),
            ObservedGeneration = replicaSet.Metadata.Generation,
        };
        // A ReplicaSet that is being deleted leaves its pods to the garbage collector.
        var mayAct = replicaSet.Metadata.DeletionTimestamp is null;
        return new ReplicaSetPlan(
            mayAct ? Math.Clamp(-surplus, 0, Burst) : 0,
            mayAct && surplus > 0 ? [.. active.Order(DeletionOrder.At(now)).Take(Math.Min(surplus, Burst))] : [],
            status,
            active.Select(p => p.AvailableAt(minReady)).Where(at => at > now).Min());
    }
}
