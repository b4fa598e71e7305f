using ModelOperator.Judgement.Sequential;

namespace ModelOperator.Judgement.Simulation;

/// <summary>What a sequential comparison makes of made-up traffic.</summary>
/// <param name="AbortAt">When harm was shown, since the start; null: never.</param>
/// <param name="ProvenAt">When there was evidence for promotion; null: never.</param>
internal readonly record struct SimulatedRollout(TimeSpan? AbortAt, TimeSpan? ProvenAt)
{
    /// <summary>Stable's time before the rollout that tells how its bad events scatter.</summary>
    public static readonly TimeSpan Past = TimeSpan.FromHours(1);

    /// <summary>Runs one rollout to its end, or until both are known.</summary>
    public static SimulatedRollout Run(SyntheticTraffic traffic, ComparisonBounds bounds, TimeSpan length, int seed)
    {
        var random = new RandomCounts(seed);
        var sums = SequentialTest.Begin(traffic.Past(Past, random));
        var (abortAt, provenAt) = (default(TimeSpan?), default(TimeSpan?));
        for (var at = TimeSpan.Zero; at < length; at += traffic.Interval)
        {
            sums = SequentialTest.Add(sums, bounds, traffic.Draw(at, random));
            abortAt ??= sums.IsHarmful ? at + traffic.Interval : null;
            provenAt ??= sums.IsProven ? at + traffic.Interval : null;
            if (abortAt is not null && (provenAt is not null || bounds.ProvenBelow is null))
            {
                break;
            }
        }

        return new SimulatedRollout(abortAt, provenAt);
    }
}
