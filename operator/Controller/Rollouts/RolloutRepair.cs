namespace ModelOperator.Controller.Rollouts;

/// <summary>Lets go of revisions whose records somebody has deleted, so that a rollout never waits for what cannot come.</summary>
internal static class RolloutRepair
{
    public static Rollout Apply(RolloutWorld world)
    {
        var rollout = world.Rollout;
        bool Lost(string? revision) => revision is not null && world.Find(revision) is null;

        if (Lost(rollout.Previous))
        {
            rollout = Idle(rollout, rollout.Stable);
        }

        if (Lost(rollout.Candidate))
        {
            rollout = Idle(rollout, rollout.Stable);
        }

        return Lost(rollout.Stable) ? WithoutStable(rollout) : rollout;
    }

    private static Rollout WithoutStable(Rollout rollout) => rollout.State switch
    {
        RolloutState.Baking => Idle(rollout, rollout.Previous),
        RolloutState.Preparing or RolloutState.Stepping or RolloutState.Promoting => rollout with
        {
            State = RolloutState.Preparing,
            StepIndex = 0,
            StepStartedAt = null,
            StepDueAt = null,
            AwaySince = null,
            Stable = null,
            DeadlineAt = null,
            ReadySince = null,
        },
        _ => Idle(rollout, stable: null),
    };

    private static Rollout Idle(Rollout rollout, string? stable) => new()
    {
        Stable = stable,
        StateSince = rollout.StateSince,
        Transitions = rollout.Transitions,
        CarriedBy = rollout.CarriedBy,
        Pinned = rollout.Pinned,
        Commands = rollout.Commands,
        Rejected = rollout.Rejected,
        LastRollback = rollout.LastRollback,
    };
}
