using ModelOperator.Judgement.Counters;
using ModelOperator.Judgement.Queries;

namespace ModelOperator.Controller.Tests.Analysis.Queries;

internal sealed class SeriesReductionTests
{
    [TestCase("sum", new[] { 1.0, 2, 6 }, 9)]
    [TestCase("max", new[] { 1.0, 2, 6 }, 6)]
    [TestCase("min", new[] { 1.0, 2, 6 }, 1)]
    [TestCase("avg", new[] { 1.0, 2, 6 }, 3)]
    [TestCase("max", new[] { 1.0, double.NaN }, double.NaN)]
    [TestCase("min", new[] { double.NaN, double.PositiveInfinity }, double.NaN)]
    [TestCase("min", new[] { 1.0, double.PositiveInfinity }, double.PositiveInfinity)]
    public void Several_series_become_one_and_an_unknown_part_leaves_the_whole_unknown(string name, double[] values, double expected) =>
        Assert.That(SeriesReduction.Apply(name, values), Is.EqualTo(expected));

    [Test]
    public void The_error_rate_blames_errors_and_timeouts_and_ignores_callers_who_hung_up()
    {
        SeriesIncrease[] series =
        [
            Outcome("ok", 50), Outcome("ok", 10), Outcome("client_error", 20), Outcome("error", 15), Outcome("timeout", 5), Outcome("canceled", 900),
        ];

        Assert.That(RouterCounters.Evaluate(BuiltinMetric.Find("errorRate")!, Requests(series)), Is.EqualTo((0.2, 100L)));
    }

    [Test]
    public void Without_requests_a_rate_is_not_a_number() =>
        Assert.That(RouterCounters.Evaluate(BuiltinMetric.Find("errorRate")!, Requests(Outcome("ok", 0))), Is.EqualTo((double.NaN, 0L)));

    private static ILookup<string, SeriesIncrease> Requests(params SeriesIncrease[] series) => series.ToLookup(_ => RouterCounters.Requests);

    private static SeriesIncrease Outcome(string outcome, double increase) => new(new Dictionary<string, string> { ["outcome"] = outcome }, increase);
}
