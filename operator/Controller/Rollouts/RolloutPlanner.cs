namespace ModelOperator.Controller.Rollouts;

/// <summary>
/// The heart of the operator: from one look at the world, what to do next. Pure: the same world gives the same plan, and a plan
/// that has been carried out gives, in an unchanged world, the same plan again.
/// </summary>
internal static class RolloutPlanner
{
    // How soon routers are asked again whether they serve what was written; they tell it only when asked.
    private static readonly TimeSpan RouterPolling = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan IdleRouterPolling = TimeSpan.FromSeconds(5);
    // Whatever asks to be looked at again, a pass costs something.
    private static readonly TimeSpan Soonest = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan AtOnce = TimeSpan.FromMilliseconds(1);

    /// <summary>Works out the plan.</summary>
    public static RolloutPlan Plan(RolloutWorld world)
    {
        var move = RolloutMachine.Next(world);
        var rollout = move.Rollout;
        var arms = RoutePlan.For(rollout, world);
        var replicas = ReplicaPlan.For(rollout, arms, world);
        var nextAt = NextAt(rollout, world);
        return new RolloutPlan
        {
            Rollout = rollout,
            Arms = arms,
            Replicas = replicas,
            Transitions = move.Transitions,
            Outcomes = move.Outcomes,
            Receipts = move.Receipts,
            Message = RolloutMessage.For(rollout, arms, world),
            NextAt = nextAt,
            RequeueAfter = RequeueAfter(rollout, arms, nextAt, world),
        };
    }

    private static DateTime? NextAt(Rollout rollout, RolloutWorld world)
    {
        if (world.Target.IsHeld)
        {
            return null;
        }

        DateTime? due = rollout.State switch
        {
            RolloutState.Stepping when rollout.Steps[rollout.StepIndex].Kind == StepHold.Approval => null,
            RolloutState.Stepping => rollout.AwaySince is null ? rollout.StepDueAt : null,
            RolloutState.Baking => rollout.StateSince + world.Target.Bake,
            _ => null,
        };
        DateTime?[] times = [due, StepClock.GivesUpAt(rollout), rollout.Overdue ? null : rollout.DeadlineAt];
        return times.Where(time => time > world.Now).Min();
    }

    private static TimeSpan? RequeueAfter(Rollout rollout, IReadOnlyList<RouteArm> arms, DateTime? nextAt, RolloutWorld world)
    {
        if (rollout.State != world.Rollout.State || rollout.StepIndex != world.Rollout.StepIndex)
        {
            return AtOnce;
        }

        var settled = world.Route.IsConfirmed && world.Route.Says(arms);
        var retiring = world.Revisions.Values.Any(revision => revision.Replicas > 0
            && revision.Name != rollout.Stable && revision.Name != rollout.Candidate && revision.Name != rollout.Previous);
        TimeSpan?[] waits =
        [
            nextAt - world.Now,
            rollout.OnTrial is null || world.Judgement is null ? null : world.Judgement.NextLookAt.UtcDateTime - world.Now,
            settled || arms.Count == 0 ? null : rollout.State == RolloutState.Idle && !retiring ? IdleRouterPolling : RouterPolling,
        ];
        return waits.Min() is { } wait ? (wait > Soonest ? wait : Soonest) : null;
    }
}
