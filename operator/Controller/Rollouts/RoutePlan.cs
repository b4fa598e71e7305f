namespace ModelOperator.Controller.Rollouts;

/// <summary>Works out the shares for where a rollout stands.</summary>
internal static class RoutePlan
{
    public static IReadOnlyList<RouteArm> For(Rollout rollout, RolloutWorld world)
    {
        var (stable, candidate, previous) = (world.Find(rollout.Stable), world.Find(rollout.Candidate), world.Find(rollout.Previous));
        var replicas = rollout.CarriedBy ?? world.Target.Replicas;
        return (rollout.State, stable, candidate) switch
        {
            // While it bakes, the new stable is still on trial: the router answers what fails on it from the one before.
            (RolloutState.Baking, not null, _) when previous is not null =>
                Split(previous, stable, TrafficSplit.Bound(100, replicas, previous.Ready, stable.Ready)),
            (_, null, null) => [],
            (_, not null, null) => [new RouteArm(stable.Name, ArmRole.Stable, 100)],
            (_, null, not null) => [new RouteArm(candidate.Name, ArmRole.Stable, 100)],
            (RolloutState.Preparing, _, _) => Split(stable, candidate, stable.Ready == 0 && candidate.Ready > 0 ? 100 : 0),
            (RolloutState.Aborting, _, _) => Split(stable, candidate, Draining(rollout, stable, candidate, replicas, world.Route)),
            _ => Step(rollout, world, stable, candidate, TrafficSplit.Bound(WantedShare(rollout, world, candidate), replicas, stable.Ready, candidate.Ready)),
        };
    }

    /// <summary>The share that the step under way gives the candidate, ready pods of stable left aside.</summary>
    public static int WantedShare(Rollout rollout, RolloutWorld world, RevisionView candidate)
    {
        if (rollout.State == RolloutState.Promoting)
        {
            var before = rollout.Steps.Count == 0 ? 0 : rollout.Steps[^1].Weight;
            var grown = candidate.Ready >= world.Target.Replicas && !world.Target.IsHeld;
            return grown || world.Route.WeightOf(candidate.Name) == 100 ? 100 : before;
        }

        var step = rollout.Steps[rollout.StepIndex];
        var started = rollout.StepStartedAt is not null;
        var previous = rollout.StepIndex == 0 ? 0 : rollout.Steps[rollout.StepIndex - 1].Weight;
        return started || HasPods(rollout, step, candidate, world) ? step.Weight : previous;
    }

    private static bool HasPods(Rollout rollout, TrafficStep step, RevisionView candidate, RolloutWorld world) =>
        candidate.Ready >= ReplicaPlan.ForStep(rollout, step, world.Target.Replicas);

    // Copies and chosen callers come with the step and end with the steps.
    private static RouteArm[] Step(Rollout rollout, RolloutWorld world, RevisionView stable, RevisionView candidate, int share)
    {
        var arms = Split(stable, candidate, share);
        if (rollout.State != RolloutState.Stepping || candidate.Ready == 0)
        {
            return arms;
        }

        var step = rollout.Steps[rollout.StepIndex];
        if (rollout.StepStartedAt is null && !HasPods(rollout, step, candidate, world))
        {
            return arms;
        }

        arms[1] = arms[1] with { Mirror = step.Mirror, Match = step.Match };
        return arms;
    }

    // What once left a revision that is being taken back does not return to it, even if stable then runs short, as long as
    // stable has a pod at all.
    private static int Draining(Rollout rollout, RevisionView stable, RevisionView candidate, int replicas, RouteView route)
    {
        if (rollout.MakesRoom)
        {
            // Stable gets its room back only from the candidate, so the share cannot wait for the room.
            return stable.Ready == 0 && candidate.Ready > 0 ? 100 : 0;
        }

        var least = TrafficSplit.Bound(0, replicas, stable.Ready, candidate.Ready);
        return stable.Ready == 0 && candidate.Ready > 0 ? least : Math.Min(least, route.WeightOf(candidate.Name));
    }

    private static RouteArm[] Split(RevisionView stable, RevisionView candidate, int share) =>
        [new RouteArm(stable.Name, ArmRole.Stable, 100 - share), new RouteArm(candidate.Name, ArmRole.Candidate, share)];
}
