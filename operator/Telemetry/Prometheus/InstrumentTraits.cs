using System.Diagnostics.Metrics;

namespace ModelOperator.Telemetry.Prometheus;

/// <summary>What an instrument is in Prometheus' terms.</summary>
internal sealed record InstrumentTraits(MetricKind Kind, bool Observed, Func<LabelSet, Series> CreateSeries)
{
    /// <returns>Null for a kind of instrument that has no counterpart.</returns>
    public static InstrumentTraits? Of(Instrument instrument)
    {
        var type = instrument.GetType();
        if (!type.IsGenericType)
        {
            return null;
        }
        var kind = type.GetGenericTypeDefinition();
        if (kind == typeof(Counter<>))
        {
            return new(MetricKind.Counter, Observed: false, labels => new AddedSeries(labels, monotonic: true));
        }
        if (kind == typeof(UpDownCounter<>))
        {
            return new(MetricKind.Gauge, Observed: false, labels => new AddedSeries(labels, monotonic: false));
        }
        if (kind == typeof(Gauge<>))
        {
            return new(MetricKind.Gauge, Observed: false, labels => new SetSeries(labels));
        }
        if (kind == typeof(ObservableCounter<>))
        {
            return new(MetricKind.Counter, Observed: true, labels => new SetSeries(labels));
        }
        if (kind == typeof(ObservableGauge<>) || kind == typeof(ObservableUpDownCounter<>))
        {
            return new(MetricKind.Gauge, Observed: true, labels => new SetSeries(labels));
        }
        if (kind == typeof(Histogram<>))
        {
            var bounds = new HistogramBounds(AdvisedBounds(instrument) ?? LatencyBuckets.Seconds);
            return new(MetricKind.Histogram, Observed: false, labels => new HistogramSeries(labels, bounds));
        }
        return null;
    }

    private static IEnumerable<double>? AdvisedBounds(Instrument instrument) => instrument switch
    {
        Histogram<double> histogram => histogram.Advice?.HistogramBucketBoundaries,
        Histogram<float> histogram => histogram.Advice?.HistogramBucketBoundaries?.Select(bound => (double)bound),
        Histogram<long> histogram => histogram.Advice?.HistogramBucketBoundaries?.Select(bound => (double)bound),
        Histogram<int> histogram => histogram.Advice?.HistogramBucketBoundaries?.Select(bound => (double)bound),
        _ => null,
    };
}
