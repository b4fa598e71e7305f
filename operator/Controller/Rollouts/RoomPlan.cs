namespace ModelOperator.Controller.Rollouts;

/// <summary>
/// Pods of two revisions that share the room of one. The one that shrinks lets go first, and the one that grows asks only for what has
/// become free, so that the two never have more pods than were asked for.
/// </summary>
internal static class RoomPlan
{
    /// <summary>Pods that a revision needs; null when it is neither of the two.</summary>
    public static int? Needed(Rollout rollout, RevisionView revision, RolloutWorld world)
    {
        var (growing, shrinking) = Roles(rollout, world);
        if (revision.Name == growing?.Name)
        {
            return Grown(rollout, growing, shrinking, world);
        }

        return revision.Name == shrinking?.Name ? Left(rollout, growing, shrinking, world) : null;
    }

    private static (RevisionView? Growing, RevisionView? Shrinking) Roles(Rollout rollout, RolloutWorld world)
    {
        var (stable, candidate) = (world.Find(rollout.Stable), world.Find(rollout.Candidate));
        return rollout.State switch
        {
            RolloutState.Baking => (stable, world.Find(rollout.Previous)),
            RolloutState.Preparing or RolloutState.Stepping or RolloutState.Promoting => (candidate, stable),
            _ => (stable, candidate),
        };
    }

    private static int Wanted(Rollout rollout, int replicas) => rollout.State is RolloutState.Preparing or RolloutState.Stepping
        ? ReplicaPlan.ForCandidate(rollout, replicas)
        : replicas;

    private static int Grown(Rollout rollout, RevisionView growing, RevisionView? shrinking, RolloutWorld world)
    {
        var wanted = Wanted(rollout, world.Target.Replicas);
        var room = Math.Clamp(world.Target.Replicas - (shrinking?.Pods ?? 0), 0, wanted);
        return Math.Max(Math.Min(growing.Replicas, wanted), room);
    }

    private static int Left(Rollout rollout, RevisionView? growing, RevisionView shrinking, RolloutWorld world)
    {
        var replicas = world.Target.Replicas;
        if (growing is null)
        {
            return replicas;
        }

        if (rollout.Strategy == RolloutStrategy.Recreate)
        {
            return 0;
        }

        if (rollout.State is RolloutState.Preparing or RolloutState.Stepping)
        {
            return replicas - Wanted(rollout, replicas);
        }

        // What is taken back lets its requests go before its pods.
        var mustDrain = rollout.State == RolloutState.Aborting && growing.Ready > 0 && !world.Route.IsDrained(shrinking.Name);
        var taken = Math.Min(replicas, Math.Max(growing.Replicas, growing.Ready + 1));
        return mustDrain ? shrinking.Replicas : Math.Min(shrinking.Replicas, replicas - taken);
    }
}
