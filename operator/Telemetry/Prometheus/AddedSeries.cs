namespace ModelOperator.Telemetry.Prometheus;

/// <summary>A counter or an up-down counter: the sum of its measurements.</summary>
internal sealed class AddedSeries(LabelSet labels, bool monotonic) : Series(labels)
{
    private double _value;

    public override bool Record(double value)
    {
        if (double.IsNaN(value) || (monotonic && value < 0))
        {
            return false;
        }
        Add(ref _value, value);
        return true;
    }

    public override void WriteTo(ref TextFormatWriter writer, MetricFamily family) =>
        writer.Sample(family.NameUtf8, default, Labels.Utf8, default, Volatile.Read(ref _value));
}
