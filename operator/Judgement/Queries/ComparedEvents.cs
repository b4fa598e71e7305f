using ModelOperator.Api.Conventions;
using ModelOperator.Api.RollbackPolicies;
using ModelOperator.Judgement.Counters;
using ModelOperator.Judgement.Sequential;

namespace ModelOperator.Judgement.Queries;

/// <summary>The events that a comparison counts.</summary>
internal abstract record ComparedEvents
{
    private ComparedEvents()
    {
    }

    /// <summary>How a sentence names the bad ones.</summary>
    public abstract string Noun { get; }

    /// <summary>What stable's are, behind their number in a sentence; empty: the same.</summary>
    public virtual string OfStable => "";

    /// <summary>Reads a comparison that has passed validation; null for one that has not.</summary>
    public static ComparedEvents? From(MetricComparison comparison) => comparison switch
    {
        { Builtin: "errors" } => new Errors(),
        { Builtin: "slow", SlowerThan: { } text } when Duration.TryParse(text, out var bound) => new Slow(bound.TotalSeconds, text),
        { Builtin: "disagreements" } => new Disagreements(),
        { Builtin: null, Bad: { } bad, Total: { } total } => new Custom(bad, total),
        _ => null,
    };

    /// <summary>Events that the router counts.</summary>
    public abstract record OfRouter : ComparedEvents
    {
        /// <summary>The counters that hold them.</summary>
        public abstract IReadOnlyList<string> Counters { get; }

        /// <summary>The labels in which series of one pod differ; what remains identifies the pod.</summary>
        public IReadOnlySet<string> Apart { get; } = new HashSet<string>(StringComparer.Ordinal) { "__name__", "outcome", "le", "role", "revision" };

        /// <summary>The counters that hold what stable's share of bad events is.</summary>
        public virtual IReadOnlyList<string> StableCounters => Counters;

        /// <summary>Counts the candidate's.</summary>
        /// <param name="series">The increases, by counter.</param>
        public abstract BadCount Count(ILookup<string, SeriesIncrease> series);

        /// <summary>Counts stable's.</summary>
        /// <param name="series">The increases, by counter.</param>
        public virtual BadCount CountStable(ILookup<string, SeriesIncrease> series) => Count(series);
    }

    /// <summary>Errors and timeouts among requests that were not canceled.</summary>
    public sealed record Errors : OfRouter
    {
        public override string Noun => "errors";

        public override IReadOnlyList<string> Counters => [RouterCounters.Requests];

        public override BadCount Count(ILookup<string, SeriesIncrease> series) => RouterCounters.Errors(series[RouterCounters.Requests]);
    }

    /// <summary>Requests that took longer than a bucket's bound.</summary>
    public sealed record Slow(double Seconds, string Text) : OfRouter
    {
        public override string Noun => $"requests slower than {Text}";

        public override IReadOnlyList<string> Counters => [RouterCounters.DurationBuckets];

        public override BadCount Count(ILookup<string, SeriesIncrease> series)
        {
            var buckets = HistogramQuantile.Buckets(series[RouterCounters.DurationBuckets]);
            var within = buckets.Where(bucket => Math.Abs(bucket.UpperBound - Seconds) <= Seconds * 1e-9).Select(bucket => (double?)bucket.Count).FirstOrDefault();
            var all = HistogramQuantile.Observations(buckets);
            return within is { } inTime ? BadCount.Of(all - inTime, all) : default;
        }
    }

    /// <summary>
    /// Mirrored answers that differ from stable's, or do not come. Stable cannot disagree with itself: its own failures are what a candidate
    /// that is to answer as it does is measured by.
    /// </summary>
    public sealed record Disagreements : OfRouter
    {
        public override string Noun => "disagreements";

        public override string OfStable => " were errors";

        public override IReadOnlyList<string> StableCounters => [RouterCounters.Requests];

        public override BadCount CountStable(ILookup<string, SeriesIncrease> series) => RouterCounters.Errors(series[RouterCounters.Requests]);

        public override IReadOnlyList<string> Counters => [RouterCounters.Disagreements, RouterCounters.Mirrored];

        public override BadCount Count(ILookup<string, SeriesIncrease> series) => BadCount.Of(
            series[RouterCounters.Disagreements].Sum(s => s.Increase), series[RouterCounters.Mirrored].Sum(s => s.Increase));
    }

    /// <summary>Whatever two counters of a user's hold; see <see cref="MetricComparison.Bad"/>.</summary>
    public sealed record Custom(string Bad, string Total) : ComparedEvents
    {
        public override string Noun => "bad events";
    }
}
