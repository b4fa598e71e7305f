using System.Collections.Immutable;
using ModelOperator.DevCluster.Controllers.ReplicaSets;
using static ModelOperator.DevCluster.Controllers.Deployments.DeploymentView;

namespace ModelOperator.DevCluster.Controllers.Deployments;

/// <summary>
/// One step of a rolling update: the new ReplicaSet grows while the total stays within <c>replicas + maxSurge</c>, and old ones
/// shrink while the available pods stay at <c>replicas - maxUnavailable</c> or more.
/// </summary>
internal static class RollingUpdate
{
    public static ImmutableArray<DeploymentAction> Plan(DeploymentView view)
    {
        var limits = RollingLimits.Of(view.Spec);
        var grown = Grow(view, limits);
        return grown is null ? Shrink(view, limits) : [grown];
    }

    private static DeploymentAction? Grow(DeploymentView view, RollingLimits limits)
    {
        var size = view.New is null ? 0 : SizeOf(view.New);
        var room = view.Replicas + limits.MaxSurge - view.All.Sum(SizeOf);
        var next = size > view.Replicas ? view.Replicas : size + Math.Clamp(room, 0, view.Replicas - size);
        if (view.New is null)
        {
            return DeploymentPlanner.Create(view, next);
        }

        return next == size ? null : DeploymentPlanner.Scale(view, view.New, next);
    }

    private static ImmutableArray<DeploymentAction> Shrink(DeploymentView view, RollingLimits limits)
    {
        if (view.New is not { } current || view.Old.All(r => SizeOf(r) == 0))
        {
            return [];
        }

        var minAvailable = view.Replicas - limits.MaxUnavailable;
        var newUnavailable = SizeOf(current) - AvailableOf(current);
        var mayGo = view.All.Sum(SizeOf) - minAvailable - newUnavailable;
        if (mayGo <= 0)
        {
            return [];
        }

        var sizes = view.Old.ToDictionary(r => r, SizeOf);
        ShrinkUnhealthy(view.Old, sizes, mayGo);
        ShrinkHealthy(view, sizes, minAvailable);
        return [.. view.Old.Where(r => sizes[r] != SizeOf(r)).Select(r => DeploymentPlanner.Scale(view, r, sizes[r]))];
    }

    /// <summary>Pods that serve nobody go first: they are what a stuck earlier update has left.</summary>
    private static void ShrinkUnhealthy(ImmutableArray<ReplicaSet> old, Dictionary<ReplicaSet, int> sizes, int mayGo)
    {
        foreach (var replicaSet in old)
        {
            var gone = Math.Min(mayGo, sizes[replicaSet] - AvailableOf(replicaSet));
            if (gone > 0)
            {
                sizes[replicaSet] -= gone;
                mayGo -= gone;
            }
        }
    }

    private static void ShrinkHealthy(DeploymentView view, Dictionary<ReplicaSet, int> sizes, int minAvailable)
    {
        var available = AvailableOf(view.New!) + view.Old.Sum(r => Math.Min(AvailableOf(r), sizes[r]));
        var mayGo = available - minAvailable;
        foreach (var replicaSet in view.Old)
        {
            var gone = Math.Min(mayGo, sizes[replicaSet]);
            if (gone > 0)
            {
                sizes[replicaSet] -= gone;
                mayGo -= gone;
            }
        }
    }
}
