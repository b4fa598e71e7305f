namespace ModelOperator.Telemetry.Prometheus;

/// <summary>A gauge or an observed total: the last value told.</summary>
internal sealed class SetSeries(LabelSet labels) : Series(labels)
{
    private double _value;

    public override bool Record(double value)
    {
        Volatile.Write(ref _value, value);
        return true;
    }

    public override void WriteTo(ref TextFormatWriter writer, MetricFamily family) =>
        writer.Sample(family.NameUtf8, default, Labels.Utf8, default, Volatile.Read(ref _value));
}
