namespace ModelOperator.Controller.Rollouts;

/// <summary>
/// Keeps the number of pods that carry all the requests. It follows what is asked for down at once, and up only as far as the
/// trusted revision has had pods ready: asking for more pods must not look as if those that serve had lost capacity, or a
/// candidate would be given more than its step allows.
/// </summary>
internal static class CapacityBase
{
    public static Rollout Advance(Rollout rollout, RolloutWorld world)
    {
        var wanted = world.Target.Replicas;
        if (world.Find(rollout.Fallback ?? rollout.Stable) is not { } trusted)
        {
            return rollout with { CarriedBy = null };
        }

        return rollout with { CarriedBy = Math.Min(wanted, Math.Max(rollout.CarriedBy ?? wanted, trusted.Ready)) };
    }
}
