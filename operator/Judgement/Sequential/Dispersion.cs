namespace ModelOperator.Judgement.Sequential;

/// <summary>
/// How much more stable's bad events scatter than independent ones would: 1 when not more, 10 when they come in bursts of about ten.
/// </summary>
/// <remarks>
/// Pearson's chi-square over its degrees of freedom, of two kinds, of which the larger counts. Between neighbouring intervals: bursts that
/// every pod sees show only there, and because only neighbours are compared, a rate that drifts through the day adds nothing. Between pods
/// within an interval: many degrees of freedom, to which an incident that hits all pods adds nothing. Only stable is looked at, and only
/// before the interval that is judged: the candidate's counts never choose how they are weighed.
/// </remarks>
internal readonly record struct Dispersion
{
    /// <summary>
    /// Before anything is known, bursts of six are assumed, for as much as two intervals would say; beside an hour of stable's past, as there
    /// usually is, that does not show.
    /// </summary>
    private const double PriorDispersion = 6;
    private const double PriorIntervals = 2;

    /// <summary>A difference counts as this many times what is expected at most: the two edges of an incident are no bursts.</summary>
    private const double LargestSurprise = 25;

    /// <summary>Intervals over which the usual rate is taken.</summary>
    private const long Memory = 20;

    /// <summary>Between neighbouring intervals, in thousandths.</summary>
    public long IntervalChiSquare { get; init; }

    public long IntervalDifferences { get; init; }

    /// <summary>Between pods, in thousandths.</summary>
    public long PodChiSquare { get; init; }

    public long PodDegrees { get; init; }

    /// <summary>Stable's counts in the latest interval.</summary>
    public BadCount Latest { get; init; }

    public long Intervals { get; init; }

    /// <summary>All of stable's bad events.</summary>
    public long Bad { get; init; }

    /// <summary>Stable's bad rate of late, in billionths.</summary>
    public long RateOfLate { get; init; }

    /// <summary>Stable's bad rate of late; null before its first interval.</summary>
    public double? UsualRate => Intervals == 0 ? null : RateOfLate / 1e9;

    /// <summary>
    /// The estimate, at least 1. It is taken one standard error (of a true 1) low: the noise of the estimate must not weaken the evidence where
    /// nothing is wrong.
    /// </summary>
    public double Factor => Math.Max(ByIntervals, ByPods);

    // Neighbouring differences share an interval: their squares have variance 3 each, not 2.
    private double ByIntervals
    {
        get
        {
            var n = PriorIntervals + IntervalDifferences;
            var mean = ((PriorIntervals * PriorDispersion) + (IntervalChiSquare / 1e3)) / n;
            return Unbiased(mean - Math.Sqrt(3 / n), 2 * EventsPerInterval);
        }
    }

    private double ByPods => PodDegrees == 0 ? 1 : Unbiased((PodChiSquare / 1e3 / PodDegrees) - Math.Sqrt(2.0 / PodDegrees), EventsPerInterval);

    private double EventsPerInterval => Intervals == 0 ? double.PositiveInfinity : (double)Bad / Intervals;

    /// <summary>The estimate after one more interval.</summary>
    public Dispersion Add(StableCounts stable)
    {
        if (stable.Total == 0)
        {
            return this;
        }

        var next = this with
        {
            Latest = stable.All,
            Intervals = Intervals + 1,
            Bad = Bad + stable.Bad,
            RateOfLate = RateOfLate + (long)Math.Round(((stable.All.Rate * 1e9) - RateOfLate) / Math.Min(Intervals + 1, Memory)),
        };
        if (Latest.Total > 0 && Latest.Bad + stable.Bad > 0)
        {
            var surprise = Math.Min(Homogeneity([Latest, stable.All]), LargestSurprise * Factor);
            next = next with { IntervalChiSquare = IntervalChiSquare + (long)Math.Round(surprise * 1e3), IntervalDifferences = IntervalDifferences + 1 };
        }

        var busy = stable.Pods.Where(pod => pod.Total > 0).ToList();
        return busy.Count < 2 || stable.Bad == 0
            ? next
            : next with { PodChiSquare = PodChiSquare + (long)Math.Round(Homogeneity(busy) * 1e3), PodDegrees = PodDegrees + busy.Count - 1 };
    }

    /// <summary>
    /// The events that a chi-square is divided by are the same that it is made of, and bursts among them make it too small: for m events it is
    /// m φ / (m + φ - 1) on average. Where only few are seen, φ cannot be told from a much larger one, so it is raised fivefold at most.
    /// </summary>
    private static double Unbiased(double chiSquare, double events) => (chiSquare, events) switch
    {
        ( <= 1, _) => 1,
        (_, double.PositiveInfinity or <= 1) => chiSquare,
        _ => Math.Max(chiSquare, chiSquare * (events - 1) / Math.Max(events - chiSquare, events / 5)),
    };

    /// <summary>Pearson's chi-square of equal bad rates, with one degree of freedom less than there are counts.</summary>
    private static double Homogeneity(IReadOnlyList<BadCount> counts)
    {
        var all = counts.Aggregate((a, b) => a + b);
        var rate = all.Rate;
        return all.Bad >= all.Total
            ? 0
            : counts.Sum(count => (count.Bad - (rate * count.Total)) * (count.Bad - (rate * count.Total)) / (rate * (1 - rate) * count.Total));
    }
}
