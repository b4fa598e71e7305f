namespace ModelOperator.Controller.Rollouts;

/// <summary>
/// Keeps the time by which the revision on its way up must have its pods. It runs whenever too few are ready, whatever the state, and
/// stands still while enough are and while the rollout is held. So pods that are ready for moments between crashes use it up all the same:
/// it begins anew only with a new state or step, or after they have been ready as long as the deadline without a break.
/// </summary>
internal static class ReadinessClock
{
    public static Rollout Advance(Rollout rollout, RolloutWorld world)
    {
        if (rollout.State is RolloutState.Idle or RolloutState.Aborting)
        {
            return rollout with { DeadlineAt = null, ReadySince = null, HeldSince = null, Overdue = false };
        }

        if (world.Target.IsHeld)
        {
            var held = Run(rollout, world) with { HeldSince = rollout.HeldSince ?? world.Now };
            return IsShort(rollout, world) ? held : held with { Overdue = false };
        }

        if (rollout.HeldSince is { } heldSince)
        {
            rollout = rollout with { HeldSince = null, DeadlineAt = rollout.DeadlineAt + (world.Now - heldSince) };
        }

        if (!IsShort(rollout, world))
        {
            return Rest(rollout, world);
        }

        var running = Run(rollout, world);
        return running with { DeadlineAt = running.DeadlineAt ?? world.Now + world.Target.ProgressDeadline };
    }

    /// <summary>Whether the deadline counts and has passed.</summary>
    public static bool HasPassed(Rollout rollout, RolloutWorld world) =>
        !world.Target.IsHeld && rollout is { ReadySince: null, DeadlineAt: { } deadline } && world.Now >= deadline;

    private static Rollout Run(Rollout rollout, RolloutWorld world) => rollout.ReadySince is { } since
        ? rollout with { ReadySince = null, DeadlineAt = rollout.DeadlineAt + (world.Now - since) }
        : rollout;

    private static Rollout Rest(Rollout rollout, RolloutWorld world)
    {
        if (rollout.DeadlineAt is null || world.Now - rollout.ReadySince >= world.Target.ProgressDeadline)
        {
            return rollout with { DeadlineAt = null, ReadySince = null, Overdue = false };
        }

        return rollout with { ReadySince = rollout.ReadySince ?? world.Now, Overdue = false };
    }

    private static bool IsShort(Rollout rollout, RolloutWorld world)
    {
        if (rollout.State == RolloutState.Baking)
        {
            return world.Find(rollout.Stable) is { } stable && stable.Ready < world.Target.Replicas;
        }

        return world.Find(rollout.Candidate) is { } candidate
            && candidate.Ready < ReplicaPlan.ForCandidate(rollout, world.Target.Replicas);
    }
}
