namespace ModelOperator.Telemetry.Prometheus;

/// <summary>Counts per bucket and their sum.</summary>
internal sealed class HistogramSeries(LabelSet labels, HistogramBounds bounds) : Series(labels)
{
    private readonly long[] _counts = new long[bounds.Values.Length + 1];
    private double _sum;

    public override bool Record(double value)
    {
        if (double.IsNaN(value))
        {
            return false;
        }
        var index = Array.BinarySearch(bounds.Values, value);
        Interlocked.Increment(ref _counts[index < 0 ? ~index : index]);
        Add(ref _sum, value);
        return true;
    }

    // The count is the last cumulative bucket, not a counter of its own: the two must agree within one scrape.
    public override void WriteTo(ref TextFormatWriter writer, MetricFamily family)
    {
        long cumulative = 0;
        for (var i = 0; i < _counts.Length; i++)
        {
            cumulative += Volatile.Read(ref _counts[i]);
            writer.Sample(family.NameUtf8, "_bucket"u8, Labels.Utf8, bounds.Labels[i], cumulative);
        }
        writer.Sample(family.NameUtf8, "_sum"u8, Labels.Utf8, default, Volatile.Read(ref _sum));
        writer.Sample(family.NameUtf8, "_count"u8, Labels.Utf8, default, cumulative);
    }
}
