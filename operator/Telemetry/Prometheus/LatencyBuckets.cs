using System.Diagnostics.Metrics;

namespace ModelOperator.Telemetry.Prometheus;

/// <summary>
/// The bucket bounds of every latency histogram, in seconds: 250 µs, where a small model on a CPU answers, to 60 s.
/// Two neighbours are at most a factor of two apart where models usually answer, which bounds the error of a quantile.
/// </summary>
public static class LatencyBuckets
{
    /// <summary>Upper bounds in seconds, ascending, each included in its bucket; above the last one there is only <c>+Inf</c>.</summary>
    public static IReadOnlyList<double> Seconds { get; } =
    [
        0.00025, 0.0005, 0.00075, 0.001, 0.0015, 0.002, 0.003, 0.005, 0.0075, 0.01, 0.015, 0.025, 0.05, 0.075,
        0.1, 0.15, 0.25, 0.4, 0.5, 0.75, 1, 1.5, 2.5, 5, 10, 30, 60,
    ];

    /// <summary>For <see cref="Meter.CreateHistogram{T}(string, string, string, IEnumerable{KeyValuePair{string, object}}, InstrumentAdvice{T})"/>.</summary>
    public static InstrumentAdvice<double> Advice { get; } = new() { HistogramBucketBoundaries = Seconds };
}
