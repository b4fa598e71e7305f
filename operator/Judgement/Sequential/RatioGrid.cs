using System.Collections.Immutable;

namespace ModelOperator.Judgement.Sequential;

/// <summary>Ratios over which evidence is averaged, in equal steps of their logarithm.</summary>
/// <remarks>
/// Few and near, because the mean is paid for by each: with four, a candidate that is twice as bad is found about as fast as with the best
/// single ratio, and one that is twenty times as bad is found by the largest at its first look all the same.
/// </remarks>
internal static class RatioGrid
{
    /// <summary>In terms of <c>maxRatio</c>.</summary>
    public static readonly ImmutableArray<double> Above = Steps(1.75, 5, 4);

    /// <summary>In terms of <c>provenBelow</c>.</summary>
    public static readonly ImmutableArray<double> Below = Steps(0.3, 0.7, 4);

    private static ImmutableArray<double> Steps(double from, double to, int count) =>
        [.. Enumerable.Range(0, count).Select(i => from * Math.Pow(to / from, (double)i / (count - 1)))];
}
