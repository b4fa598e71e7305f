using ModelOperator.Controller.Analysis.Counters;

namespace ModelOperator.Controller.Analysis.Queries;

/// <summary>The router's counters and what builtin metrics make of them.</summary>
internal static class RouterCounters
{
    public const string Requests = "modelrouter_requests_total";
    public const string DurationBuckets = "modelrouter_request_duration_seconds_bucket";

    /// <summary>The counter behind a builtin metric.</summary>
    public static string CounterOf(BuiltinMetric metric) => metric.Quantile is null ? Requests : DurationBuckets;

    /// <summary>
    /// The value and the requests behind it. The error rate is <c>(error + timeout) / (all - canceled)</c>: a caller's own mistake is
    /// no fault of the model, and one who hung up has seen no outcome. NaN without requests.
    /// </summary>
    public static (double Value, long Samples) Evaluate(BuiltinMetric metric, IReadOnlyList<SeriesIncrease> series)
    {
        if (metric.Quantile is { } quantile)
        {
            var buckets = HistogramQuantile.Buckets(series);
            return (HistogramQuantile.Of(quantile, buckets), (long)Math.Round(HistogramQuantile.Observations(buckets)));
        }

        var all = series.Where(s => Outcome(s) != "canceled").Sum(s => s.Increase);
        var bad = series.Where(s => Outcome(s) is "error" or "timeout").Sum(s => s.Increase);
        return (all > 0 ? bad / all : double.NaN, (long)Math.Round(all));
    }

    private static string? Outcome(SeriesIncrease series) => series.Labels.GetValueOrDefault("outcome");
}
