using System.Globalization;

namespace ModelOperator.Judgement.Counters;

/// <summary>Quantiles of cumulative histogram buckets, as Prometheus' <c>histogram_quantile</c> computes them.</summary>
internal static class HistogramQuantile
{
    /// <summary>Sums the increases of <c>_bucket</c> series over pods by their <c>le</c> label. Series without a readable bound are left out.</summary>
    public static IReadOnlyList<Bucket> Buckets(IEnumerable<SeriesIncrease> series)
    {
        var counts = new SortedDictionary<double, double>();
        foreach (var (labels, increase) in series)
        {
            if (labels.TryGetValue("le", out var text) && TryParseBound(text, out var bound))
            {
                counts[bound] = counts.GetValueOrDefault(bound) + increase;
            }
        }

        return [.. counts.Select(c => new Bucket(c.Key, c.Value))];
    }

    /// <summary>The number of observations: what the <c>+Inf</c> bucket holds; 0 without one.</summary>
    public static double Observations(IReadOnlyList<Bucket> buckets) =>
        buckets is [.., { UpperBound: double.PositiveInfinity }] ? buckets.Max(b => b.Count) : 0;

    /// <summary>
    /// The value below which a share <paramref name="q"/> of the observations lies. With rank <c>r = q * N</c>, <c>b</c> the first bucket whose
    /// cumulative count reaches <c>r</c>, and its neighbour below <c>a</c>:
    /// <c>le_a + (le_b - le_a) * (r - n_a) / (n_b - n_a)</c>, that is, observations spread evenly inside a bucket and the lowest bucket starting at
    /// zero. A rank that falls into <c>+Inf</c> gives the highest finite bound.
    /// </summary>
    /// <remarks>
    /// Formula and special cases follow <c>bucketQuantile</c> of Prometheus (promql/quantile.go, 2.42), including that a count
    /// below its predecessor's (pods scraped at different moments) is raised to it.
    /// </remarks>
    /// <param name="q">Between 0 and 1.</param>
    /// <param name="buckets">By rising bound; the last is <c>+Inf</c>.</param>
    /// <returns>NaN when there are no observations, fewer than two buckets, or no <c>+Inf</c> bucket.</returns>
    public static double Of(double q, IReadOnlyList<Bucket> buckets)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(q, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(q, 1);
        if (buckets.Count < 2 || !double.IsPositiveInfinity(buckets[^1].UpperBound))
        {
            return double.NaN;
        }

        var counts = new double[buckets.Count];
        var highest = 0.0;
        for (var i = 0; i < counts.Length; i++)
        {
            counts[i] = highest = Math.Max(highest, buckets[i].Count);
        }

        if (highest == 0)
        {
            return double.NaN;
        }

        var rank = q * highest;
        var b = 0;
        while (b < counts.Length - 1 && counts[b] < rank)
        {
            b++;
        }

        if (b == counts.Length - 1)
        {
            return buckets[^2].UpperBound;
        }

        var end = buckets[b].UpperBound;
        if (b == 0 && end <= 0)
        {
            return end;
        }

        var start = b == 0 ? 0 : buckets[b - 1].UpperBound;
        var below = b == 0 ? 0 : counts[b - 1];
        var inside = counts[b] - below;

        // Only for q = 0 over empty lowest buckets: nothing to interpolate in.
        return inside == 0 ? start : start + ((end - start) * (rank - below) / inside);
    }

    private static bool TryParseBound(string text, out double bound)
    {
        if (text is "+Inf" or "Inf")
        {
            bound = double.PositiveInfinity;
            return true;
        }

        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out bound) && double.IsFinite(bound);
    }
}
