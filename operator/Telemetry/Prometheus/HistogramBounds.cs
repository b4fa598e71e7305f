using System.Text;

namespace ModelOperator.Telemetry.Prometheus;

/// <summary>The buckets that all series of a histogram share.</summary>
internal sealed class HistogramBounds
{
    public HistogramBounds(IEnumerable<double> values)
    {
        Values = [.. values.Where(double.IsFinite).Distinct().Order()];
        Labels = [.. Values.Select(Label), Label(double.PositiveInfinity)];
    }

    /// <summary>Upper bounds, ascending and finite; a bound belongs to its own bucket.</summary>
    public double[] Values { get; }

    /// <summary><c>le="..."</c> for each bound and for <c>+Inf</c>.</summary>
    public byte[][] Labels { get; }

    private static byte[] Label(double bound) => Encoding.UTF8.GetBytes($"le=\"{LabelSet.Text(bound)}\"");
}
