using ModelOperator.Controller.Rollouts;

namespace ModelOperator.Controller.Reporting;

/// <summary>The one word that people read first.</summary>
internal static class DeploymentPhase
{
    public const string Pending = "Pending";
    public const string Progressing = "Progressing";
    public const string Paused = "Paused";
    public const string Baking = "Baking";
    public const string Available = "Available";
    public const string RollingBack = "RollingBack";
    public const string RolledBack = "RolledBack";
    public const string Degraded = "Degraded";

    public static readonly IReadOnlyList<string> All = [Pending, Progressing, Paused, Baking, Available, RollingBack, RolledBack, Degraded];

    public static string Of(DeploymentReport report)
    {
        var (rollout, target) = (report.Rollout, report.World.Target);
        if (target.Problem is not null || rollout.Overdue)
        {
            return Degraded;
        }

        var paused = IsPaused(report);
        return rollout.State switch
        {
            RolloutState.Aborting => rollout.AbortCause == AbortCause.Superseded ? Progressing : RollingBack,
            RolloutState.Idle => Resting(report),
            _ when paused => Paused,
            RolloutState.Baking => Baking,
            _ => rollout.Stable is null ? Pending : Progressing,
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
            return Pending;
        }

        if (report.WantsRejected)
        {
            return RolledBack;
        }

        if (IsPaused(report))
        {
            return Paused;
        }

        var replicas = report.World.Target.Replicas;
        if (stable.Ready == 0 && replicas > 0)
        {
            return Degraded;
        }

        return report.ServesWanted && stable.Ready >= replicas && report.World.Route.Serves(stable.Name, 100) ? Available : Progressing;
    }
}
