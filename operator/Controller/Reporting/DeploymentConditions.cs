using ModelOperator.Api.Conventions;
using ModelOperator.Controller.Rollouts;
using ModelOperator.Judgement;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Controller.Reporting;

/// <summary>
/// The conditions. Ready, Reconciling and Stalled follow kstatus: at most one of them is true, Stalled means that nothing more
/// will happen by itself, and a pause is in progress, not failed.
/// </summary>
internal static class DeploymentConditions
{
    public static IList<V1Condition> Of(DeploymentReport report)
    {
        var set = new ConditionSet(report.Previous.Conditions, report.Generation, report.World.Now);
        var message = report.Plan.Message;
        var stalled = Stalled(report);
        var reconciling = stalled is null ? Reconciling(report) : null;
        set.Set(ConditionTypes.Ready, stalled is null && reconciling is null, stalled ?? reconciling ?? "Available", message);
        set.Set(ConditionTypes.Reconciling, reconciling is not null, reconciling ?? "Settled", message);
        set.Set(ConditionTypes.Stalled, stalled is not null, stalled ?? "NotStalled", message);

        var rollout = report.Rollout;
        var paused = DeploymentPhase.IsPaused(report);
        var moving = rollout.State != RolloutState.Idle && !report.World.Target.IsHeld && !paused && !rollout.Overdue;
        set.Set(ConditionTypes.Progressing, moving, rollout.Overdue ? "ProgressDeadlineExceeded" : rollout.State.ToString(), message);
        var pause = RolloutPause.Of(rollout, report.World) ?? (paused ? RolloutPause.BySpec : null);
        set.Set(ConditionTypes.Paused, pause is not null, pause?.Reason ?? "NotPaused", pause?.Message ?? "");
        SetAnalysis(set, report);
        SetWeight(set, report);
        var rolledBack = (rollout.State == RolloutState.Aborting && rollout.AbortCause is AbortCause.Failed or AbortCause.Commanded)
            || (rollout.State == RolloutState.Idle && report.WantsRejected);
        set.Set(ConditionTypes.RolledBack, rolledBack, rolledBack ? "RolledBack" : "NotRolledBack", rolledBack ? rollout.LastRollback?.Reason ?? "" : "");
        return set.Conditions;
    }

    /// <summary>Why nothing more will happen by itself; null when something may.</summary>
    private static string? Stalled(DeploymentReport report) => report switch
    {
        { World.Target.Problem: { } problem } => problem.Reason,
        { Rollout.Overdue: true } => "ProgressDeadlineExceeded",
        { Rollout.State: RolloutState.Idle, WantsRejected: true } => "RolledBack",
        _ => null,
    };

    /// <summary>What is still to come; null when all is as the spec asks.</summary>
    private static string? Reconciling(DeploymentReport report)
    {
        if (DeploymentPhase.IsPaused(report))
        {
            return "Paused";
        }

        var (rollout, world) = (report.Rollout, report.World);
        if (rollout.State != RolloutState.Idle)
        {
            return rollout.State.ToString();
        }

        if (world.Find(rollout.Stable) is not { } stable || !report.ServesWanted)
        {
            return "RevisionPending";
        }

        if (stable.Ready < world.Target.Replicas)
        {
            return "PodsNotReady";
        }

        return world.Route.Serves(stable.Name, 100) ? null : (world.Route.Lag ?? world.Route.Successor?.Lag)?.Reason ?? "WaitingForRouters";
    }

    private static void SetAnalysis(ConditionSet set, DeploymentReport report)
    {
        if (report.Rollout.OnTrial is null || report.World.Judgement is not { } judgement)
        {
            set.Set(ConditionTypes.AnalysisHealthy, null, "NotJudged", "no revision is being judged");
            set.Set(ConditionTypes.MetricsAvailable, null, "NotJudged", "no revision is being judged");
            return;
        }

        var failing = judgement.Decision == JudgementDecision.Rollback || judgement.Metrics.Any(metric => metric.Verdict == "Fail");
        bool? healthy = failing ? false : judgement.Decision == JudgementDecision.Advance ? true : null;
        set.Set(ConditionTypes.AnalysisHealthy, healthy, failing ? "Failing" : judgement.Decision.ToString(), judgement.Reason);
        set.Set(
            ConditionTypes.MetricsAvailable, judgement.MetricsError is null, judgement.MetricsError is null ? "Answered" : "Unavailable",
            judgement.MetricsError ?? "");
    }

    private static void SetWeight(ConditionSet set, DeploymentReport report)
    {
        var (route, arms) = (report.World.Route, report.Plan.Arms);
        if (!route.Says(arms))
        {
            set.Set(ConditionTypes.WeightAchieved, false, "RouteWritten", "the shares that were just written are not known to be served yet");
            return;
        }

        var latest = route is { IsServedHere: true, Successor: { } next } ? next : route;
        if (!latest.NamesIdleArms)
        {
            set.Set(ConditionTypes.WeightAchieved, latest.IsServedHere, latest.Lag?.Reason ?? "Served", latest.Lag?.Message ?? "the Gateway has accepted the written shares");
            return;
        }

        SetWeightOfRouters(set, latest);
    }

    private static void SetWeightOfRouters(ConditionSet set, RouteView route)
    {
        var reason = (route.ReadyRouters, route.IsConfirmed) switch
        {
            (0, _) => "NoRouterReady",
            (_, false) => "RoutersLag",
            _ => "Served",
        };
        set.Set(ConditionTypes.WeightAchieved, route.IsConfirmed, reason, $"{route.ConfirmingRouters} of {route.ReadyRouters} ready routers serve the written shares");
    }
}
