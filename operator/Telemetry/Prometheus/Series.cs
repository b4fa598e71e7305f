namespace ModelOperator.Telemetry.Prometheus;

/// <summary>One combination of label values of a metric. Measurements come from any thread and never allocate.</summary>
internal abstract class Series(LabelSet labels)
{
    public LabelSet Labels { get; } = labels;

    /// <summary>The tag sequences that lead here; guarded by the family's lock.</summary>
    public List<KeyValuePair<string, object?>[]> Aliases { get; } = [];

    /// <summary>The collection that last saw this series; only kept for observable instruments.</summary>
    public long Collection { get; set; }

    /// <summary>Takes a measurement in.</summary>
    /// <returns>False when the value is none: NaN, or less than nothing for a counter.</returns>
    public abstract bool Record(double value);

    public abstract void WriteTo(ref TextFormatWriter writer, MetricFamily family);

    /// <summary>Adds without a lock; the loop ends when no other thread came between.</summary>
    protected static void Add(ref double location, double value)
    {
        var current = Volatile.Read(ref location);
        while (true)
        {
            var seen = Interlocked.CompareExchange(ref location, current + value, current);
            if (BitConverter.DoubleToInt64Bits(seen) == BitConverter.DoubleToInt64Bits(current))
            {
                return;
            }
            current = seen;
        }
    }
}
