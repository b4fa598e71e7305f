using ModelOperator.Api.Conventions;
using ModelOperator.Controller.Rollouts;

namespace ModelOperator.Controller.Reporting;

/// <summary>The one word that people read first.</summary>
internal static class DeploymentPhase
{
    public static string Of(DeploymentReport report)
    {
        var (rollout, target) = (report.Rollout, report.World.Target);
        if (target.Problem is not null || rollout.Overdue)
        {
            return Phases.Degraded;
        }

        var paused = IsPaused(report);
        return rollout.State switch
        {
            RolloutState.Aborting => rollout.AbortCause == AbortCause.Superseded ? Phases.Progressing : Phases.RollingBack,
            RolloutState.Idle => Resting(report),
            _ when paused => Phases.Paused,
            RolloutState.Baking => Phases.Baking,
            _ => rollout.Stable is null ? Phases.Pending : Phases.Progressing,
        };
    }

    /// <summary>Whether a person or a policy holds what would otherwise go on.</summary>
    public static bool IsPaused(DeploymentReport report)
    {
        var waits = report.World.Target.Paused && report.Rollout.State == RolloutState.Idle
            && !report.ServesWanted && report.Rollout.Stable is not null && !report.WantsRejected;
        return waits || RolloutPause.Of(report.Rollout, report.World) is not null
            || (report.World.Target.Paused && report.Rollout.State == RolloutState.Aborting);
    }

    private static string Resting(DeploymentReport report)
    {
        if (report.World.Find(report.Rollout.Stable) is not { } stable)
        {
            return Phases.Pending;
        }

        if (report.WantsRejected)
        {
            return Phases.RolledBack;
        }

        if (IsPaused(report))
        {
            return Phases.Paused;
        }

        var replicas = report.World.Target.Replicas;
        if (stable.Ready == 0 && replicas > 0)
        {
            return Phases.Degraded;
        }

        return report.ServesWanted && stable.Ready >= replicas && report.World.Route.Serves(stable.Name, 100) ? Phases.Available : Phases.Progressing;
    }
}
