using FsCheck;
using FsCheck.Fluent;
using ModelOperator.Judgement.Counters;

namespace ModelOperator.Controller.Tests.Analysis.Counters;

internal sealed class HistogramQuantileTests
{
    private const double Inf = double.PositiveInfinity;

    /// <summary>Worked by hand with the formula of Prometheus' documentation; its own tests (promql/testdata/histograms.test) use the same shapes.</summary>
    [TestCase(0.5, new[] { 0.1, 5, 0.2, 7, 1, 10, Inf, 10 }, 0.1, Description = "the rank is exactly a bucket's count")]
    [TestCase(0.6, new[] { 0.1, 5, 0.2, 7, 1, 10, Inf, 10 }, 0.15, Description = "half-way inside a bucket")]
    [TestCase(0.2, new[] { 0.1, 5, 0.2, 7, 1, 10, Inf, 10 }, 0.04, Description = "the lowest bucket starts at zero")]
    [TestCase(1.0, new[] { 0.1, 5, 0.2, 7, 1, 10, Inf, 10 }, 1.0)]
    [TestCase(0.0, new[] { 0.1, 5, 0.2, 7, 1, 10, Inf, 10 }, 0.0)]
    [TestCase(0.99, new[] { 0.1, 5, 1, 9, Inf, 10 }, 1.0, Description = "beyond the highest finite bound")]
    [TestCase(0.9, new[] { 0.1, 5, 0.2, 4, 1, 10, Inf, 10 }, 0.84, Description = "a count below its predecessor's is raised")]
    [TestCase(0.5, new[] { -1, 5, 1, 5, Inf, 5 }, -1.0, Description = "a lowest bucket below zero has no width")]
    public void It_interpolates_as_Prometheus_does(double q, double[] boundsAndCounts, double expected) =>
        Assert.That(HistogramQuantile.Of(q, Buckets(boundsAndCounts)), Is.EqualTo(expected).Within(1e-12));

    [TestCase(new double[0])]
    [TestCase(new[] { Inf, 10 })]
    [TestCase(new[] { 0.1, 5, 1, 10 })]
    [TestCase(new[] { 0.1, 0, Inf, 0 })]
    public void Without_observations_or_an_infinite_bucket_there_is_no_quantile(double[] boundsAndCounts) =>
        Assert.That(HistogramQuantile.Of(0.5, Buckets(boundsAndCounts)), Is.NaN);

    [Test]
    public void It_never_falls_as_q_rises() =>
        Properties.ForAll(
            from buckets in Histograms()
            from a in Gen.Choose(0, 1000)
            from b in Gen.Choose(0, 1000)
            select (buckets, low: Math.Min(a, b) / 1000.0, high: Math.Max(a, b) / 1000.0),
            x => HistogramQuantile.Of(x.low, x.buckets) <= HistogramQuantile.Of(x.high, x.buckets) + 1e-12);

    [Test]
    public void It_lies_within_the_bucket_that_holds_the_rank() =>
        Properties.ForAll(
            from buckets in Histograms()
            from q in Gen.Choose(1, 1000)
            select (buckets, q: q / 1000.0),
            x =>
            {
                var value = HistogramQuantile.Of(x.q, x.buckets);
                var rank = x.q * x.buckets[^1].Count;
                var holder = x.buckets.ToList().FindIndex(b => b.Count >= rank);
                var lower = holder == 0 ? 0 : x.buckets[holder - 1].UpperBound;
                return value >= lower - 1e-12 && value <= Math.Min(x.buckets[holder].UpperBound, x.buckets[^2].UpperBound) + 1e-12;
            });

    [Test]
    public void Pods_are_summed_by_bound_and_unreadable_bounds_left_out()
    {
        SeriesIncrease[] series =
        [
            Series("0.1", 1), Series("0.1", 2), Series("+Inf", 4), Series("+Inf", 5), Series("0.5", 5), Series("wide", 99),
            new(new Dictionary<string, string>(), 99),
        ];

        var buckets = HistogramQuantile.Buckets(series);

        Assert.That(buckets, Is.EqualTo(new Bucket[] { new(0.1, 3), new(0.5, 5), new(Inf, 9) }));
        Assert.That(HistogramQuantile.Observations(buckets), Is.EqualTo(9));
    }

    private static Gen<IReadOnlyList<Bucket>> Histograms() =>
        from counts in Gen.Choose(0, 20).NonEmptyListOf()
        from beyond in Gen.Choose(0, 3)
        let cumulative = counts.Select((_, i) => (double)counts.Take(i + 1).Sum()).ToList()
        where cumulative[^1] + beyond > 0
        select (IReadOnlyList<Bucket>)[.. cumulative.Select((c, i) => new Bucket((i + 1) * 0.1, c)), new Bucket(Inf, cumulative[^1] + beyond)];

    private static List<Bucket> Buckets(double[] boundsAndCounts) =>
        [.. boundsAndCounts.Chunk(2).Select(pair => new Bucket(pair[0], pair[1]))];

    private static SeriesIncrease Series(string le, double increase) => new(new Dictionary<string, string> { ["le"] = le }, increase);
}
