using FsCheck.Fluent;
using ModelOperator.Controller.Analysis.Counters;
using ModelOperator.Controller.Analysis.Prometheus;
using ModelOperator.Judgement.Counters;

namespace ModelOperator.Controller.Tests.Analysis.Counters;

internal sealed class CounterReadingTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    [Test]
    public void A_series_counts_from_its_last_sample_before_the_window()
    {
        var reading = Join([Series("a", (-30, 90), (-5, 100), (10, 103))], [Series("a", (0, 100))]);

        Assert.That(reading.Series.Single().Increase, Is.EqualTo(3));
        Assert.That(reading.NewestAt, Is.EqualTo(Start.AddSeconds(10)));
    }

    [Test]
    public void A_series_that_appears_inside_the_window_counts_from_zero() =>
        Assert.That(Join([Series("new", (10, 30), (20, 31))], [Series("old", (0, 500))]).Series.Single().Increase, Is.EqualTo(31));

    [Test]
    public void A_base_is_found_although_a_function_dropped_the_metrics_name()
    {
        var named = new PrometheusSeries(
            new Dictionary<string, string> { ["__name__"] = "requests", ["pod"] = "a" }, [new Sample(Start.AddSeconds(1), 12)]);

        Assert.That(Join([named], [Series("a", (0, 10))]).Series.Single().Increase, Is.EqualTo(2));
    }

    [Test]
    public void Series_with_samples_only_outside_the_window_are_left_out()
    {
        var reading = Join([Series("a", (-5, 1), (0, 2), (61, 9))], []);

        Assert.That(reading.Series, Is.Empty);
        Assert.That(reading.NewestAt, Is.Null);
    }

    [Test]
    public void Neighbouring_windows_add_up_to_the_whole_one() =>
        Properties.ForAll(
            from values in Gen.Choose(0, 9).ListOf(60)
            from cut in Gen.Choose(1, 59)
            select (values, cut),
            x =>
            {
                var series = Series("a", [.. x.values.Select((v, i) => (i + 1, (double)v))]);
                double Increase(int from, int to)
                {
                    var bases = series.Samples.Where(s => s.At <= Start.AddSeconds(from)).TakeLast(1).ToList();
                    return CounterReading.Join([series], [series with { Samples = bases }], new(Start.AddSeconds(from), Start.AddSeconds(to)))
                        .Series.Sum(s => s.Increase);
                }

                return Increase(0, x.cut) + Increase(x.cut, 60) == Increase(0, 60);
            });

    [TestCase(60, 60)]
    [TestCase(1800, 1800)]
    [TestCase(7200, 1800)]
    public void A_window_covers_the_step_and_at_most_half_an_hour(int stepAge, int expected)
    {
        var window = LookWindow.Since(Start, Start.AddSeconds(stepAge));

        Assert.That((window.To - window.From).TotalSeconds, Is.EqualTo(expected));
        Assert.That(window.From, Is.GreaterThanOrEqualTo(Start));
    }

    [Test]
    public void A_window_of_part_seconds_is_written_shorter_for_queries_and_longer_for_clipping()
    {
        var window = LookWindow.Since(Start, Start.AddSeconds(61.5));

        Assert.That((window.WholeSeconds, window.CoveringSeconds), Is.EqualTo((61, 62)));
    }

    private static CounterReading Join(PrometheusSeries[] range, PrometheusSeries[] bases) =>
        CounterReading.Join(range, bases, new LookWindow(Start, Start.AddSeconds(60)));

    private static PrometheusSeries Series(string pod, params (int Seconds, double Value)[] samples) =>
        new(new Dictionary<string, string> { ["pod"] = pod }, [.. samples.Select(s => new Sample(Start.AddSeconds(s.Seconds), s.Value))]);
}
