namespace ModelOperator.Controller.Rollouts;

/// <summary>
/// Keeps the time by which the revision on its way up must have its pods: it runs whenever too few are ready, whatever the
/// state, and stands still while the rollout is held.
/// </summary>
internal static class ReadinessClock
{
    public static Rollout Advance(Rollout rollout, RolloutWorld world)
    {
        if (rollout.State is RolloutState.Idle or RolloutState.Aborting)
        {
            return rollout with { DeadlineAt = null, HeldSince = null, Overdue = false };
        }

        if (world.Target.IsHeld)
        {
            rollout = rollout with { HeldSince = rollout.HeldSince ?? world.Now };
        }
        else if (rollout.HeldSince is { } heldSince)
        {
            rollout = rollout with { HeldSince = null, DeadlineAt = rollout.DeadlineAt + (world.Now - heldSince) };
        }

        if (!IsShort(rollout, world))
        {
            return rollout with { DeadlineAt = null, Overdue = false };
        }

        return world.Target.IsHeld ? rollout : rollout with { DeadlineAt = rollout.DeadlineAt ?? world.Now + world.Target.ProgressDeadline };
    }

    /// <summary>Whether the deadline counts and has passed.</summary>
    public static bool HasPassed(Rollout rollout, RolloutWorld world) =>
        !world.Target.IsHeld && rollout.DeadlineAt is { } deadline && world.Now >= deadline;

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
