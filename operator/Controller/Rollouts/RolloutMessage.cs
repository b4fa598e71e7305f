using System.Globalization;
using ModelOperator.Judgement;

namespace ModelOperator.Controller.Rollouts;

/// <summary>Says in one or two sentences what is going on and what it waits for.</summary>
internal static class RolloutMessage
{
    public static string For(Rollout rollout, IReadOnlyList<RouteArm> arms, RolloutWorld world)
    {
        var text = rollout.State switch
        {
            RolloutState.Idle => Idle(rollout, world),
            RolloutState.Preparing => Preparing(rollout, world),
            RolloutState.Stepping => Stepping(rollout, arms, world),
            RolloutState.Promoting => Promoting(rollout, world),
            RolloutState.Baking => Baking(rollout, arms, world),
            _ => $"{rollout.Candidate} gives its share to {rollout.Stable}: {rollout.AbortReason}",
        };
        var held = world.Target switch
        {
            { Problem: { } problem } => $"The spec cannot be followed: {problem}. ",
            { Paused: true } when rollout.State is not RolloutState.Idle and not RolloutState.Aborting => "Paused. ",
            { Replicas: 0 } when rollout.State is not RolloutState.Idle => "Scaled to zero: nothing is served, and the rollout waits. ",
            _ => "",
        };
        return held + text;
    }

    private static string Idle(Rollout rollout, RolloutWorld world)
    {
        if (world.Find(rollout.Stable) is not { } stable)
        {
            return world.Target.Problem is null && !rollout.Rejected.Contains(world.Target.ContentHash)
                ? "the first revision is about to be made"
                : "nothing is served";
        }

        var serving = Serving(stable, world);
        if (world.Target.Problem is not null || world.Target.ContentHash == stable.ContentHash)
        {
            return serving;
        }

        if (rollout.Rejected.Contains(world.Target.ContentHash))
        {
            var wanted = world.Asked?.Name ?? "the revision that the spec asks for";
            var reason = rollout.LastRollback is { } last && last.From == world.Asked?.Name ? $": {last.Reason}" : "";
            return $"{wanted} was rolled back and is not tried again unless the spec changes{reason}; {serving}";
        }

        return world.Target.Paused ? $"Paused: {world.Wanted?.Name ?? "a new revision"} waits; {serving}" : serving;
    }

    private static string Serving(RevisionView stable, RolloutWorld world)
    {
        var replicas = world.Target.Replicas;
        if (replicas == 0)
        {
            return $"{stable.Name} is scaled to zero";
        }

        if (stable.Ready < replicas)
        {
            return $"{stable.Name} has {Pods(stable, replicas)}";
        }

        return world.Route.Serves(stable.Name, 100)
            ? $"{stable.Name} serves 100 % of the requests"
            : $"{stable.Name} is ready; {Routers(world.Route)}";
    }

    private static string Preparing(Rollout rollout, RolloutWorld world)
    {
        var candidate = world.Find(rollout.Candidate);
        var needed = ReplicaPlan.ForCandidate(rollout, world.Target.Replicas);
        if (candidate is null)
        {
            return "waiting for the candidate";
        }

        if (candidate.Ready >= needed)
        {
            return rollout.Stable is null ? $"{candidate.Name} is ready; {Routers(world.Route)}" : $"{candidate.Name} is ready";
        }

        return rollout.Overdue
            ? $"{candidate.Name} missed its deadline and has {Pods(candidate, needed)}; there is no other revision to go back to"
            : $"{candidate.Name} is starting and has {Pods(candidate, needed)}{Until(rollout, world)}";
    }

    private static string Stepping(Rollout rollout, IReadOnlyList<RouteArm> arms, RolloutWorld world)
    {
        var step = rollout.Steps[rollout.StepIndex];
        var candidate = world.Find(rollout.Candidate);
        var needed = ReplicaPlan.ForCandidate(rollout, world.Target.Replicas);
        var weight = arms.FirstOrDefault(arm => arm.Revision == rollout.Candidate)?.Weight ?? 0;
        if (candidate is not null && candidate.Ready < needed)
        {
            return $"{candidate.Name} gets {weight} % and needs more pods for {step}: it has {Pods(candidate, needed)}{Until(rollout, world)}";
        }

        if (rollout.StepStartedAt is null)
        {
            return $"{rollout.Candidate} is about to get {step}; {Routers(world.Route)}";
        }

        var share = weight == step.Weight ? $"{step}" : $"{weight} % instead of {step.Weight} %, as ready pods allow";
        if (RolloutPause.Of(rollout, world) is { Reason: not RolloutPause.PausedByPolicy } pause && !world.Target.IsHeld)
        {
            return $"{rollout.Candidate} gets {share}; {pause.Message}";
        }

        var until = AtLeastUntil(rollout.StepDueAt, world);
        var proof = step.Kind == StepHold.Evidence && world.Judgement is { Decision: JudgementDecision.Advance, IsProven: false } judgement
            ? $"; it waits for evidence: {judgement.Proof}"
            : "";
        return $"{rollout.Candidate} gets {share}{until}{Judged(world.Judgement)}{proof}";
    }

    private static string Promoting(Rollout rollout, RolloutWorld world)
    {
        var candidate = world.Find(rollout.Candidate);
        return candidate is not null && candidate.Ready < world.Target.Replicas
            ? $"{candidate.Name} passed every step and grows to full size: {Pods(candidate, world.Target.Replicas)}{Until(rollout, world)}"
            : $"{rollout.Candidate} passed every step and is about to get everything; {Routers(world.Route)}";
    }

    private static string Baking(Rollout rollout, IReadOnlyList<RouteArm> arms, RolloutWorld world)
    {
        var weight = arms.FirstOrDefault(arm => arm.Revision == rollout.Stable)?.Weight ?? 0;
        var missing = world.Find(rollout.Stable) is { } stable && stable.Ready < world.Target.Replicas
            ? $", has {Pods(stable, world.Target.Replicas)}"
            : "";
        var until = AtLeastUntil(rollout.StateSince + world.Target.Bake, world);
        return $"{rollout.Stable} gets {weight} %{missing} and bakes{until}; "
            + $"{rollout.Previous} {(rollout.MakesRoom ? "would have to start again" : "is kept warm")}{Judged(world.Judgement)}";
    }

    private static string Judged(JudgementReport? judgement) => judgement switch
    {
        { Decision: JudgementDecision.Hold or JudgementDecision.Pause, Reason.Length: > 0 } => $"; {judgement.Reason}",
        _ => "",
    };

    private static string Pods(RevisionView revision, int needed) =>
        $"{revision.Ready} of {needed} pods ready{(revision.Diagnosis is null ? "" : $": {revision.Diagnosis}")}";

    private static string Routers(RouteView route) => route switch
    {
        { IsServedHere: true, Successor: { IsConfirmed: false } next } => Routers(next),
        { Lag: { } lag } => lag.Message,
        { ReadyRouters: 0 } => "no router is ready to serve the route",
        { IsConfirmed: false } => $"{route.ConfirmingRouters} of {route.ReadyRouters} routers serve the route as written",
        _ => "the route is about to be written",
    };

    private static string AtLeastUntil(DateTime? time, RolloutWorld world) =>
        world.Target.IsHeld || time <= world.Now ? "" : $" until {Time(time)} at least";

    // A deadline stands still while the rollout is held.
    private static string Until(Rollout rollout, RolloutWorld world) => rollout is { DeadlineAt: { } deadline, ReadySince: null } && !world.Target.IsHeld ? $"; it has until {Time(deadline)}" : "";

    private static string Time(DateTime? at) => at?.ToString("HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "later";
}
