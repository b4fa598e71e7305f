using ModelOperator.Api.Conventions;
using ModelOperator.Api.ModelDeployments;
using ModelOperator.Cli.Views;

namespace ModelOperator.Cli.Explaining;

/// <summary>What happens next to a ModelDeployment, and when, if nobody interferes.</summary>
internal static class Prospect
{
    public static IEnumerable<string> Of(DeploymentView view)
    {
        var rollout = view.Status.Rollout;
        if (rollout?.DeadlineAt is { } deadline && rollout.HeldSince is null && rollout.Overdue is not true)
        {
            yield return $"{DeploymentHeader.When(deadline, view.Now)}: {view.OnTrial} is given up if its pods are not ready by then";
        }

        if (Step(view) is { } next)
        {
            yield return next;
        }
    }

    private static string? Step(DeploymentView view)
    {
        var due = view.Status.NextAt is { } at ? $"{DeploymentHeader.When(at, view.Now)}: " : "";
        return view.State switch
        {
            RolloutStates.Preparing => "as soon as enough pods are ready: " + First(view),
            RolloutStates.Stepping => Then(view) is { } then ? due + then : null,
            RolloutStates.Promoting => $"as soon as its pods are ready: {view.Candidate} gets everything and bakes",
            RolloutStates.Baking => $"{due}{view.Stable} has baked, and {view.Status.Rollout?.Previous} is scaled down",
            RolloutStates.Aborting => $"as soon as the routers confirm it: {view.Candidate} is scaled down",
            _ => null,
        };
    }

    private static string First(DeploymentView view) => view.Status.Rollout?.Steps?.FirstOrDefault() is { } first
        ? $"step 1: {DeploymentHeader.Describe(first)}"
        : $"{view.Candidate} gets everything";

    private static string? Then(DeploymentView view)
    {
        if (view is not { Step: { } now, StepNumber: { } number } || view.Condition(ConditionTypes.Paused) is { Status: "True" })
        {
            return null;
        }

        var next = view.Status.Rollout?.Steps?.ElementAtOrDefault(number) is { } following
            ? $"step {number + 1} of {view.Status.Rollout.Steps.Count}: {DeploymentHeader.Describe(following)}"
            : $"{view.Candidate} grows to full size and gets everything";
        return now.Hold switch
        {
            RolloutStep.Evidence => $"if it is proven by then, {next}",
            _ => $"if the judgement passes, {next}",
        };
    }
}
