namespace ModelOperator.Controller.Rollouts;

/// <summary>Works out the pods for where a rollout stands.</summary>
internal static class ReplicaPlan
{
    public static IReadOnlyDictionary<string, int> For(Rollout rollout, IReadOnlyList<RouteArm> arms, RolloutWorld world)
    {
        var replicas = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var revision in world.Revisions.Values)
        {
            var wanted = rollout.MakesRoom && rollout.Stable is not null ? RoomPlan.Needed(rollout, revision, world) : Needed(rollout, revision, world.Target.Replicas);
            if (wanted is { } needed)
            {
                replicas[revision.Name] = needed;
            }
            else if (revision.Replicas > 0)
            {
                // Route first, delete later: pods go once every router has let go of them, and is not about to be told otherwise.
                var drained = world.Route.IsDrained(revision.Name) && arms.All(arm => arm.Revision != revision.Name || !arm.GetsRequests);
                replicas[revision.Name] = drained ? 0 : revision.Replicas;
            }
        }

        return replicas;
    }

    /// <summary>Pods that the candidate needs where the rollout stands.</summary>
    public static int ForCandidate(Rollout rollout, int replicas) => rollout.State switch
    {
        _ when rollout.Strategy != RolloutStrategy.Canary => replicas,
        RolloutState.Stepping => ForStep(rollout, rollout.Steps[rollout.StepIndex], replicas),
        RolloutState.Preparing when rollout.Stable is not null && rollout.Steps.Count > 0 => ForStep(rollout, rollout.Steps[0], replicas),
        _ => replicas,
    };

    /// <summary>Pods that a step of a canary needs.</summary>
    public static int ForStep(Rollout rollout, TrafficStep step, int replicas)
    {
        // Who shares stable's room leaves it a pod as long as it has a share.
        var pods = TrafficSplit.PodsFor(step.Load, replicas);
        return rollout.MakesRoom && step.Weight < 100 ? Math.Min(pods, Math.Max(1, replicas - 1)) : pods;
    }

    private static int? Needed(Rollout rollout, RevisionView revision, int replicas)
    {
        if (revision.Name == rollout.Stable || revision.Name == rollout.Previous)
        {
            return replicas;
        }

        if (revision.Name != rollout.Candidate)
        {
            return null;
        }

        return rollout.State == RolloutState.Aborting ? revision.Replicas : ForCandidate(rollout, replicas);
    }
}
