using ModelOperator.Judgement.Simulation;

namespace ModelOperator.Benchmarks.Judge;

/// <summary>
/// What rollouts are usually judged by: every minute the candidate's error rate of that minute must be at most 1 %, and the fourth minute in which
/// it is not ends the rollout (the success rate of 99 % and failureLimit of 3 of many published examples).
/// </summary>
internal static class ThresholdRule
{
    private const double Most = 0.01;
    private const int Forgiven = 3;

    public static TimeSpan? AbortAt(SyntheticTraffic traffic, TimeSpan length, int seed)
    {
        var random = new RandomCounts(seed);
        var failures = 0;
        for (var minute = TimeSpan.Zero; minute < length; minute += TimeSpan.FromMinutes(1))
        {
            var (bad, total) = (0L, 0L);
            for (var at = minute; at < minute + TimeSpan.FromMinutes(1); at += traffic.Interval)
            {
                var candidate = traffic.Draw(at, random).Candidate;
                (bad, total) = (bad + candidate.Bad, total + candidate.Total);
            }

            failures += bad > Most * total ? 1 : 0;
            if (failures > Forgiven)
            {
                return minute + TimeSpan.FromMinutes(1);
            }
        }

        return null;
    }
}
