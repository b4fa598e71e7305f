namespace ModelOperator.Controller.Rollouts;

/// <summary>
/// Keeps the time at which the step under way has lasted long enough. It stands still while the candidate, for lack of ready
/// pods, answers nobody: such time shows nothing about it.
/// </summary>
internal static class StepClock
{
    public static Rollout Advance(Rollout rollout, RolloutWorld world)
    {
        if (rollout.State != RolloutState.Stepping || rollout.StepStartedAt is null || rollout.Steps[rollout.StepIndex].Weight == 0)
        {
            return rollout with { AwaySince = null };
        }

        if (world.Route.WeightOf(rollout.Candidate) == 0)
        {
            return rollout with { AwaySince = rollout.AwaySince ?? world.Now };
        }

        return rollout.AwaySince is { } since
            ? rollout with { AwaySince = null, StepDueAt = rollout.StepDueAt + (world.Now - since) }
            : rollout;
    }

    /// <summary>Whether the step has lasted long enough.</summary>
    public static bool IsDue(Rollout rollout, RolloutWorld world) => rollout.AwaySince is null && world.Now >= rollout.StepDueAt;

    /// <summary>When a step that waits for evidence has waited too long; null when it may wait for ever.</summary>
    public static DateTime? GivesUpAt(Rollout rollout) =>
        rollout.State == RolloutState.Stepping && rollout.Steps[rollout.StepIndex] is { Most: { } most } step
            ? rollout.StepDueAt + (most > step.Least ? most - step.Least : TimeSpan.Zero)
            : null;
}
