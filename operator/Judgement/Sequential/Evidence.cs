using System.Collections.Immutable;

namespace ModelOperator.Judgement.Sequential;

/// <summary>
/// Evidence against one ratio: for each ratio of a grid the logarithm of its likelihood over the null ratio's, for events that are
/// independent and for events that come in bursts. Kept in millionths, as whole numbers.
/// </summary>
internal readonly record struct Evidence(ImmutableArray<long> Events, ImmutableArray<long> Bursts)
{
    private const double Millionths = 1e6;

    /// <summary>No evidence yet over a grid.</summary>
    public static Evidence None(ImmutableArray<double> grid) => new([.. grid.Select(_ => 0L)], [.. grid.Select(_ => 0L)]);

    /// <summary>
    /// The evidence as the natural logarithm of an e-value. Each picture's is the mean over the grid; the smaller counts, since one of them
    /// is right and an innocent candidate would have to be shown guilty by both.
    /// </summary>
    public double Log => Math.Min(LogMean(Events), LogMean(Bursts));

    /// <summary>The evidence after one more interval.</summary>
    public Evidence Add(LikelihoodRatio interval, double nullRatio, ImmutableArray<double> grid) => new(
        [.. Events.Select((sum, i) => sum + ToMillionths(interval.LogOfEvents(nullRatio * grid[i])))],
        [.. Bursts.Select((sum, i) => sum + ToMillionths(interval.LogOfBursts(nullRatio * grid[i])))]);

    private static long ToMillionths(double logarithm) => (long)Math.Round(logarithm * Millionths);

    // Log-sum-exp: never overflows.
    private static double LogMean(ImmutableArray<long> logarithms)
    {
        var largest = logarithms[0];
        foreach (var logarithm in logarithms)
        {
            largest = Math.Max(largest, logarithm);
        }

        var sum = 0.0;
        foreach (var logarithm in logarithms)
        {
            sum += Math.Exp((logarithm - largest) / Millionths);
        }

        return (largest / Millionths) + Math.Log(sum / logarithms.Length);
    }
}
