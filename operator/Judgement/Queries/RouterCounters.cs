using ModelOperator.Judgement.Counters;
using ModelOperator.Judgement.Sequential;

namespace ModelOperator.Judgement.Queries;

/// <summary>The router's counters and what builtin metrics make of them.</summary>
internal static class RouterCounters
{
    public const string Requests = "modelrouter_requests_total";
    public const string DurationBuckets = "modelrouter_request_duration_seconds_bucket";
    public const string Mirrored = "modelrouter_mirrored_total";
    public const string InFlight = "modelrouter_inflight_requests";
    public const string Disagreements = "modelrouter_disagreements_total";

    /// <summary>The counters behind a builtin metric; the first is the one that says whether there are samples at all. None behind a gauge.</summary>
    public static IReadOnlyList<string> CountersOf(BuiltinMetric metric) =>
        metric.IsSaturation ? [] : metric.Quantile is not null ? [DurationBuckets] : metric.IsDisagreement ? [Mirrored, Disagreements] : [Requests];

    /// <summary>The value and the requests behind it. NaN without requests.</summary>
    /// <param name="metric">The metric.</param>
    /// <param name="series">The increases, by counter.</param>
    public static (double Value, long Samples) Evaluate(BuiltinMetric metric, ILookup<string, SeriesIncrease> series)
    {
        if (metric.Quantile is { } quantile)
        {
            var buckets = HistogramQuantile.Buckets(series[DurationBuckets]);
            return (HistogramQuantile.Of(quantile, buckets), (long)Math.Round(HistogramQuantile.Observations(buckets)));
        }

        var count = metric.IsDisagreement ? new ComparedEvents.Disagreements().Count(series) : Errors(series[Requests]);
        return (count.Rate, count.Total);
    }

    /// <summary>
    /// Error, timeout and rejected (which a model server tells apart, and a router counts as an error) among all but canceled: a caller's own
    /// mistake is no fault of the model, and one who hung up has seen no outcome.
    /// </summary>
    public static BadCount Errors(IEnumerable<SeriesIncrease> requests)
    {
        var counted = requests.Where(s => Outcome(s) != "canceled").ToList();
        return BadCount.Of(counted.Where(s => Outcome(s) is "error" or "timeout" or "rejected").Sum(s => s.Increase), counted.Sum(s => s.Increase));
    }

    private static string? Outcome(SeriesIncrease series) => series.Labels.GetValueOrDefault("outcome");
}
