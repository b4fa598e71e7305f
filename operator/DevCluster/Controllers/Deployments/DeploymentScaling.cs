using System.Collections.Immutable;
using ModelOperator.DevCluster.Controllers.ReplicaSets;
using static ModelOperator.DevCluster.Controllers.Deployments.DeploymentView;

namespace ModelOperator.DevCluster.Controllers.Deployments;

/// <summary>
/// A changed <c>spec.replicas</c>: one active ReplicaSet simply takes the new size; in the middle of a rolling update all active ones
/// change in proportion, so that resizing does not move the rollout.
/// </summary>
internal static class DeploymentScaling
{
    public static ImmutableArray<DeploymentAction> Plan(DeploymentView view)
    {
        var active = view.All.Where(r => SizeOf(r) > 0).ToList();
        if (!active.Exists(r => DeploymentAnnotations.DesiredReplicasOf(r) is { } desired && desired != view.Replicas))
        {
            return [];
        }

        if (active.Count == 1)
        {
            return [DeploymentPlanner.Scale(view, active[0], view.Replicas)];
        }

        return view.IsRecreate ? [] : Proportional(view, active);
    }

    private static ImmutableArray<DeploymentAction> Proportional(DeploymentView view, List<ReplicaSet> active)
    {
        var total = active.Sum(SizeOf);
        var allowed = view.Replicas == 0 ? 0 : view.Replicas + RollingLimits.Of(view.Spec).MaxSurge;
        var toAdd = allowed - total;

        // The largest, and of equals the newest, takes the most and what rounding leaves.
        var bySize = active
            .OrderByDescending(SizeOf)
            .ThenByDescending(r => r.Metadata.CreationTimestamp)
            .ToList();
        var sizes = new Dictionary<ReplicaSet, int>();
        var added = 0;
        foreach (var replicaSet in bySize)
        {
            var size = SizeOf(replicaSet);
            var before = DeploymentAnnotations.DesiredReplicasOf(replicaSet) is { } desired and > 0
                ? desired + RollingLimits.Of(view.Spec).MaxSurge
                : total;
            var share = (int)Math.Round((decimal)size * allowed / before, MidpointRounding.AwayFromZero) - size;
            share = toAdd > 0 ? Math.Clamp(share, 0, toAdd - added) : Math.Clamp(share, toAdd - added, 0);
            sizes[replicaSet] = size + share;
            added += share;
        }

        sizes[bySize[0]] = Math.Max(0, sizes[bySize[0]] + toAdd - added);
        return [.. bySize.Select(r => DeploymentPlanner.Scale(view, r, sizes[r]))];
    }
}
