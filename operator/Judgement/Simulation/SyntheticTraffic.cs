using ModelOperator.Judgement.Sequential;

namespace ModelOperator.Judgement.Simulation;

/// <summary>Made-up requests of a rollout and their bad ones.</summary>
internal sealed record SyntheticTraffic
{
    /// <summary>Of both arms together.</summary>
    public double RequestsPerSecond { get; init; } = 100;

    /// <summary>Time between looks.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Stable's share of bad requests.</summary>
    public double BaseRate { get; init; } = 0.005;

    /// <summary>How many times stable's bad rate the candidate's is.</summary>
    public double Ratio { get; init; } = 1;

    /// <summary>Variance of the bad counts over their mean: 1 for independent requests, more for bursts, which each arm has on its own.</summary>
    public double Dispersion { get; init; } = 1;

    /// <summary>The candidate's share of the requests at a time, from 0 to 1.</summary>
    public Func<TimeSpan, double> Weight { get; init; } = _ => 0.05;

    /// <summary>By how much both arms' bad rates are raised at a time.</summary>
    public Func<TimeSpan, double> Incident { get; init; } = _ => 1;

    /// <summary>The counts of one interval that begins at a time.</summary>
    public IntervalCounts Draw(TimeSpan at, RandomCounts random)
    {
        var requests = RequestsPerSecond * Interval.TotalSeconds;
        var weight = Weight(at);
        var rate = BaseRate * Incident(at);
        return new IntervalCounts(Arm(weight * requests, rate * Ratio, random), new StableCounts(Arm((1 - weight) * requests, rate, random)));
    }

    /// <summary>Constant traffic like what was recorded at this one's interval, with a candidate that is no worse.</summary>
    /// <exception cref="FormatException">An arm has no requests, or stable no bad ones, so that nothing can be compared.</exception>
    public SyntheticTraffic Like(IReadOnlyList<IntervalCounts> recorded)
    {
        var candidate = recorded.Select(interval => interval.Candidate).Aggregate((a, b) => a + b);
        var stable = recorded.Select(interval => interval.Stable.All).Aggregate((a, b) => a + b);
        if (candidate.Total == 0 || stable.Bad == 0)
        {
            throw new FormatException("nothing can be compared: the candidate has no requests or stable no bad ones");
        }

        double requests = candidate.Total + stable.Total;
        return new SyntheticTraffic
        {
            Interval = Interval,
            RequestsPerSecond = requests / (Interval.TotalSeconds * recorded.Count),
            Weight = _ => candidate.Total / requests,
            BaseRate = stable.Rate,
            Dispersion = SequentialTest.Begin(recorded.Select(interval => interval.Stable)).Dispersion.Factor,
        };
    }

    /// <summary>Stable's intervals before the candidate came.</summary>
    public IEnumerable<StableCounts> Past(TimeSpan length, RandomCounts random)
    {
        for (var at = TimeSpan.Zero; at < length; at += Interval)
        {
            yield return new StableCounts(Arm(RequestsPerSecond * Interval.TotalSeconds, BaseRate, random));
        }
    }

    private BadCount Arm(double requests, double rate, RandomCounts random)
    {
        var total = random.Next(requests);
        return new BadCount(Math.Min(total, random.Next(requests * rate, Dispersion)), total);
    }
}
