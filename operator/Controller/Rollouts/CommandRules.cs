namespace ModelOperator.Controller.Rollouts;

/// <summary>Which commands can be followed where a rollout stands, and in which words the others are refused.</summary>
internal static class CommandRules
{
    /// <summary>Why a command cannot be followed; null when it can.</summary>
    public static string? Refusal(Command command, Rollout rollout, RolloutWorld world)
    {
        if (command.Revision is not { } name)
        {
            return "that is no revision, or revision and step, such as digits-r2 or digits-r2@3";
        }

        if (world.Find(name) is not { } revision)
        {
            return $"there is no revision {name}{Known(rollout)}";
        }

        if (command.Step is { } step && step != rollout.StepNumber)
        {
            return rollout.StepNumber is { } now ? $"step {now} is under way" : "no step is under way";
        }

        return command.Verb switch
        {
            CommandVerb.Abort => Abort(name, rollout),
            CommandVerb.Rollback => Held(world) ?? Rollback(revision, rollout),
            CommandVerb.Retry => Retry(revision, rollout, world),
            CommandVerb.Resume => Held(world) ?? Resume(name, rollout, world),
            _ => Held(world) ?? Promote(name, rollout),
        };
    }

    private static string? Abort(string name, Rollout rollout) => rollout.State switch
    {
        RolloutState.Baking when name == rollout.Stable => null,
        RolloutState.Aborting when name == rollout.Candidate => $"{name} is being taken back already",
        RolloutState.Preparing when name == rollout.Candidate && rollout.Stable is null => "there is no revision to go back to",
        RolloutState.Preparing or RolloutState.Stepping or RolloutState.Promoting when name == rollout.Candidate => null,
        _ => NotOnTrial(name, rollout),
    };

    private static string? Promote(string name, Rollout rollout) => rollout.State switch
    {
        RolloutState.Baking when name == rollout.Stable => null,
        RolloutState.Stepping when name == rollout.Candidate => null,
        RolloutState.Preparing when name == rollout.Candidate => $"{name} has no share yet: its pods are starting",
        RolloutState.Promoting when name == rollout.Candidate => $"{name} has done all its steps and is growing to take everything",
        _ => NotOnTrial(name, rollout),
    };

    private static string? Resume(string name, Rollout rollout, RolloutWorld world)
    {
        if (name != rollout.OnTrial)
        {
            return NotOnTrial(name, rollout);
        }

        return RolloutPause.Of(rollout, world) switch
        {
            null => "nothing is paused",
            { Reason: RolloutPause.WaitingForApproval } => "the step waits for promote",
            _ => null,
        };
    }

    private static string? Retry(RevisionView revision, Rollout rollout, RolloutWorld world)
    {
        if (rollout.State != RolloutState.Idle)
        {
            return "a rollout is under way";
        }

        if (!rollout.Rejected.Contains(revision.ContentHash))
        {
            return $"{revision.Name} was not rolled back";
        }

        return revision.ContentHash == world.Target.ContentHash ? null : $"the spec does not ask for {revision.Name}: apply the spec that does";
    }

    private static string? Rollback(RevisionView revision, Rollout rollout)
    {
        var name = revision.Name;
        return rollout.State switch
        {
            RolloutState.Idle when name == rollout.Stable => $"{name} is stable already",
            RolloutState.Idle when rollout.Stable is null || !revision.WasStable => $"{name} was never stable",
            RolloutState.Idle => null,
            RolloutState.Baking when name == rollout.Previous => null,
            RolloutState.Preparing or RolloutState.Stepping or RolloutState.Promoting when name == rollout.Stable => null,
            _ => "a rollout is under way: abort it first",
        };
    }

    private static string? Held(RolloutWorld world) => world.Target switch
    {
        { Problem: { } problem } => $"the spec cannot be followed: {problem}",
        { Paused: true } => "spec.rollout.paused is true",
        { Replicas: 0 } => "spec.replicas is 0",
        _ => null,
    };

    private static string NotOnTrial(string name, Rollout rollout) => (rollout.OnTrial ?? rollout.Candidate) is not { } other
        ? $"{name} is not on trial"
        : $"{name} is not on trial, {other} is";

    private static string Known(Rollout rollout) => (rollout.Candidate, rollout.Stable) switch
    {
        ({ } candidate, { } stable) => $"; the candidate is {candidate}, stable is {stable}",
        (null, { } stable) => $"; stable is {stable}",
        _ => "",
    };
}
