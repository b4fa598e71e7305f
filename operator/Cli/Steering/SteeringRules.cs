using ModelOperator.Api.Conventions;
using ModelOperator.Api.ModelDeployments;
using ModelOperator.Api.ModelRevisions;
using ModelOperator.Cli.Cluster;
using ModelOperator.Cli.Hosting;
using ModelOperator.Cli.Views;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Cli.Steering;

/// <summary>
/// Makes a wish precise: which revision, which step. What cannot be followed is refused before anything is written; the operator has
/// the last word, for the rollout may move on in between.
/// </summary>
internal static class SteeringRules
{
    /// <exception cref="CliException">It cannot be followed where the rollout stands.</exception>
    public static SteeringOrder Decide(SteeringVerb verb, DeploymentView view, int? expectedStep, string? to)
    {
        if (!view.IsObserved && verb is not (SteeringVerb.Pause or SteeringVerb.Resume))
        {
            throw Refuse("the operator has not read the present spec yet; look again with kubectl model status");
        }

        if (expectedStep is { } expected && view.StepNumber != expected)
        {
            throw Refuse(view.StepNumber is { } now ? $"step {now} is under way, not {expected}" : $"no step is under way, let alone step {expected}");
        }

        return verb switch
        {
            SteeringVerb.Promote => Promote(view),
            SteeringVerb.Abort => Abort(view, expectedStep),
            SteeringVerb.Retry => Retry(view),
            SteeringVerb.Pause => IsHeld(view) ? throw Refuse("spec.rollout.paused is true already") : new SteeringOrder.Hold(true),
            SteeringVerb.Resume => Resume(view),
            _ => Rollback(view, to),
        };
    }

    private static SteeringOrder.Command Promote(DeploymentView view)
    {
        NotHeld(view);
        return view.State switch
        {
            RolloutStates.Stepping => new SteeringOrder.Command("promote", view.Candidate!, view.StepNumber),
            RolloutStates.Baking => new SteeringOrder.Command("promote", view.Stable!, null),
            RolloutStates.Preparing => throw Refuse($"{view.Candidate} has no share yet: its pods are starting"),
            RolloutStates.Promoting => throw Refuse($"{view.Candidate} has done all its steps and is about to get everything"),
            RolloutStates.Aborting => throw Refuse($"{view.Candidate} is being taken back"),
            _ => throw Refuse(Nothing(view)),
        };
    }

    // An abort takes no step unless one is asked for: it must not fail because the rollout has just gone on.
    private static SteeringOrder.Command Abort(DeploymentView view, int? step) => view.State switch
    {
        RolloutStates.Baking => new SteeringOrder.Command("abort", view.Stable!, step),
        RolloutStates.Preparing when view.Stable is null => throw Refuse("there is no revision to go back to"),
        RolloutStates.Preparing or RolloutStates.Stepping or RolloutStates.Promoting => new SteeringOrder.Command("abort", view.Candidate!, step),
        RolloutStates.Aborting => throw Refuse($"{view.Candidate} is being taken back already"),
        _ => throw Refuse(Nothing(view)),
    };

    private static SteeringOrder.Command Retry(DeploymentView view)
    {
        if (view.State != RolloutStates.Idle)
        {
            throw Refuse("a rollout is under way");
        }

        var hash = ContentHash.Of(view.Deployment.Spec);
        if (view.Status.RejectedRevisions?.Contains(hash) != true)
        {
            throw Refuse("what the spec asks for was not rolled back");
        }

        return view.Revisions.FirstOrDefault(revision => revision.Spec.ContentHash == hash) is { } asked
            ? new SteeringOrder.Command("retry", asked.Name(), null)
            : throw Refuse("the record of the revision that the spec asks for is gone");
    }

    private static SteeringOrder Resume(DeploymentView view)
    {
        if (IsHeld(view))
        {
            return new SteeringOrder.Hold(false);
        }

        if (view.OnTrial is not { } revision)
        {
            throw Refuse(Nothing(view));
        }

        return view.Condition(ConditionTypes.Paused) switch
        {
            { Status: "True", Reason: "WaitingForApproval" } => throw Refuse($"the step waits for promote: kubectl model promote {view.Deployment.Name()}"),
            { Status: "True" } => new SteeringOrder.Command("resume", revision, view.StepNumber),
            _ => throw Refuse("nothing is paused"),
        };
    }

    private static SteeringOrder.Command Rollback(DeploymentView view, string? to)
    {
        NotHeld(view);
        if (view.State is not (RolloutStates.Idle or RolloutStates.Baking))
        {
            // Before the promotion, going back to stable is what is meant.
            return view.State != RolloutStates.Aborting && view.Stable is { } stable && (to is null || to == stable)
                ? new SteeringOrder.Command("rollback", stable, null)
                : throw Refuse("a rollout is under way: abort it first");
        }

        if (view.State == RolloutStates.Baking)
        {
            return view.Status.Rollout?.Previous is { } previous && (to is null || to == previous)
                ? new SteeringOrder.Command("rollback", previous, null)
                : throw Refuse($"{view.Stable} is baking, and only {view.Status.Rollout?.Previous} is kept warm: abort it first, or end its bake");
        }

        var served = view.Revisions.Where(revision => revision.Status?.Outcome is RevisionOutcomes.Promoted && revision.Name() != view.Stable).ToList();
        if (to is null)
        {
            return served.FirstOrDefault() is { } latest
                ? new SteeringOrder.Command("rollback", latest.Name(), null)
                : throw Refuse("no revision of the history was stable before");
        }

        if (to == view.Stable)
        {
            throw Refuse($"{to} is stable already");
        }

        return served.Any(revision => revision.Name() == to) ? new SteeringOrder.Command("rollback", to, null) : throw NoSuch(view, to, served);
    }

    private static CliException NoSuch(DeploymentView view, string to, List<V1Alpha1ModelRevision> served)
    {
        if (view.Revisions.Any(revision => revision.Name() == to))
        {
            return Refuse($"{to} was never stable");
        }

        var hint = Spelling.Nearest(to, served.Select(revision => revision.Name())) is { } nearest ? $"; did you mean {nearest}?" : "";
        return new CliException(ExitCode.NotFound, $"{view.Deployment.Name()} has no revision {to}{hint}");
    }

    private static bool IsHeld(DeploymentView view) => view.Deployment.Spec.Rollout?.Paused == true;

    private static void NotHeld(DeploymentView view)
    {
        if (IsHeld(view))
        {
            throw Refuse($"spec.rollout.paused is true: kubectl model resume {view.Deployment.Name()}");
        }
    }

    private static string Nothing(DeploymentView view) => view.Stable is { } stable ? $"nothing is on trial: {stable} serves" : "nothing is on trial, and nothing is served";

    private static CliException Refuse(string why) => new(ExitCode.Refused, why);
}
