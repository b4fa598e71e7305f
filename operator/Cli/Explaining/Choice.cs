using ModelOperator.Api.Conventions;
using ModelOperator.Cli.Views;

namespace ModelOperator.Cli.Explaining;

/// <summary>Something that a person can do about a rollout.</summary>
/// <param name="Command">What to type.</param>
/// <param name="Effect">What it does.</param>
internal sealed record Choice(string Command, string Effect)
{
    public static IEnumerable<Choice> Of(DeploymentView view)
    {
        var name = view.Deployment.Metadata.Name;
        var isPaused = view.Condition(ConditionTypes.Paused) is { Status: "True" };
        var isHeld = view.Deployment.Spec.Rollout?.Paused == true;
        if (isHeld)
        {
            yield return new Choice($"kubectl model resume {name}", "lets the rollout go on");
        }
        else if (isPaused && view.Condition(ConditionTypes.Paused)!.Reason is not "WaitingForApproval" and not "ScaledToZero")
        {
            yield return new Choice($"kubectl model resume {name}", "begins the step again");
        }

        if (view.State is RolloutStates.Stepping or RolloutStates.Baking && !isHeld)
        {
            yield return new Choice($"kubectl model promote {name}", view.State == RolloutStates.Baking ? "ends the bake now" : "ends the step now");
        }

        if (view.State is RolloutStates.Stepping or RolloutStates.Baking or RolloutStates.Promoting
            || (view.State == RolloutStates.Preparing && view.Stable is not null))
        {
            yield return new Choice($"kubectl model abort {name}", $"takes the traffic back from {view.OnTrial}");
        }

        if (view.Status.Phase == Phases.RolledBack)
        {
            yield return new Choice($"kubectl model retry {name}", "tries the same revision again");
        }
    }
}
