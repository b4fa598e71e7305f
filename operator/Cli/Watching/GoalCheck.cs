using ModelOperator.Api.Conventions;
using ModelOperator.Cli.Hosting;
using ModelOperator.Cli.Views;

namespace ModelOperator.Cli.Watching;

/// <summary>Decides whether a wait is over.</summary>
internal static class GoalCheck
{
    /// <summary>The exit code when it is over; null while it may still come.</summary>
    public static ExitCode? Check(Goal goal, DeploymentView view)
    {
        // Until the operator has read the spec, the status tells of another one.
        if (!view.IsObserved)
        {
            return null;
        }

        return (goal, view.Status.Phase) switch
        {
            (Goal.Available, Phases.Available) => ExitCode.Ok,
            (Goal.Promoted, Phases.Available or Phases.Baking) => ExitCode.Ok,
            (Goal.Paused, Phases.Paused) => ExitCode.Ok,
            (Goal.RolledBack, Phases.RolledBack) => ExitCode.Ok,
            (Goal.RolledBack, Phases.Available) => ExitCode.Failed,
            (Goal.Paused, Phases.Available) => ExitCode.Failed,
            (_, Phases.RolledBack) => ExitCode.RolledBack,
            _ when view.IsStalled => ExitCode.Degraded,
            // A promotion that is paused while it bakes has been reached.
            (Goal.Promoted, Phases.Paused) when view.State == RolloutStates.Baking => ExitCode.Ok,
            (_, Phases.Paused) => ExitCode.Paused,
            _ => null,
        };
    }

    /// <summary>A sentence for an end that is not the goal.</summary>
    public static string Say(Goal goal, ExitCode code, DeploymentView view) => code switch
    {
        ExitCode.RolledBack => $"it was rolled back: {view.Status.LastRollback?.Reason ?? view.Status.Message}",
        ExitCode.Degraded => $"it is stalled: {view.Condition(ConditionTypes.Stalled)?.Message ?? view.Status.Message}",
        ExitCode.Paused => $"it is paused and needs a person: {view.Condition(ConditionTypes.Paused)?.Message ?? view.Status.Message}",
        _ => $"it is {view.Status.Phase}, and {goal.ToString().ToLowerInvariant()} will not come of it: {view.Status.Message}",
    };
}
