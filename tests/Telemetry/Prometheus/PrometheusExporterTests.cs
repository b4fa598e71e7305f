using System.Diagnostics;
using System.Diagnostics.Metrics;
using ModelOperator.Telemetry.Prometheus;
using static ModelOperator.Telemetry.Tests.Prometheus.ExporterFixture;

namespace ModelOperator.Telemetry.Tests.Prometheus;

internal sealed class PrometheusExporterTests
{
    [Test]
    public void A_counter_is_written_with_its_help_type_and_labels_in_order_of_name()
    {
        using var fixture = new ExporterFixture();
        var counter = fixture.Meter.CreateCounter<long>("modelrouter_requests_total", null, "Requests.");

        counter.Add(2, Tag("revision", "digits-r1"), Tag("outcome", "ok"));
        counter.Add(1, Tag("revision", "digits-r1"), Tag("outcome", "ok"));

        Assert.That(fixture.Text, Is.EqualTo(
            """
            # HELP modelrouter_requests_total Requests.
            # TYPE modelrouter_requests_total counter
            modelrouter_requests_total{outcome="ok",revision="digits-r1"} 3

            """.ReplaceLineEndings("\n")));
    }

    [Test]
    public void The_order_of_tags_makes_no_second_series()
    {
        using var fixture = new ExporterFixture();
        var counter = fixture.Meter.CreateCounter<int>("a_total");

        counter.Add(1, Tag("x", "1"), Tag("y", "2"));
        counter.Add(1, Tag("y", "2"), Tag("x", 1));

        Assert.That(fixture.Lines, Does.Contain("""a_total{x="1",y="2"} 2"""));
        Assert.That(fixture.Lines, Has.Length.EqualTo(2));
    }

    [Test]
    public void A_counter_without_the_suffix_gets_it_and_dots_become_underscores()
    {
        using var fixture = new ExporterFixture();
        fixture.Meter.CreateCounter<int>("dotnet.exceptions").Add(1, Tag("error.type", "X"));

        Assert.That(fixture.Lines, Does.Contain("""dotnet_exceptions_total{error_type="X"} 1"""));
    }

    [Test]
    public void Label_values_and_help_are_escaped()
    {
        using var fixture = new ExporterFixture();
        fixture.Meter.CreateCounter<int>("a_total", null, "one\\\ntwo").Add(1, Tag("x", "q\"b\\n\nü"));

        Assert.That(fixture.Lines, Is.EqualTo(new[]
        {
            @"# HELP a_total one\\\ntwo",
            "# TYPE a_total counter",
            @"a_total{x=""q\""b\\n\nü""} 1",
        }));
    }

    [Test]
    public void A_histogram_has_cumulative_buckets_in_ascending_order_whose_last_is_the_count()
    {
        using var fixture = new ExporterFixture();
        var histogram = fixture.Meter.CreateHistogram("h_seconds", null, null, null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.00025, 0.5, 10] });

        foreach (var value in new[] { 0.00025, 0.3, 0.5, 10.5 })
        {
            histogram.Record(value, Tag("r", "1"));
        }

        Assert.That(fixture.Lines, Is.EqualTo(new[]
        {
            "# TYPE h_seconds histogram",
            """h_seconds_bucket{r="1",le="0.00025"} 1""",
            """h_seconds_bucket{r="1",le="0.5"} 3""",
            """h_seconds_bucket{r="1",le="10"} 3""",
            """h_seconds_bucket{r="1",le="+Inf"} 4""",
            """h_seconds_sum{r="1"} 11.30025""",
            """h_seconds_count{r="1"} 4""",
        }));
    }

    [Test]
    public void A_histogram_without_advice_gets_the_latency_buckets()
    {
        using var fixture = new ExporterFixture();
        fixture.Meter.CreateHistogram<double>("h_seconds").Record(1);

        var bounds = fixture.Lines.Where(line => line.Contains("_bucket", StringComparison.Ordinal)).ToList();
        Assert.That(bounds, Has.Count.EqualTo(LatencyBuckets.Seconds.Count + 1));
        Assert.That(bounds[0], Does.Contain("le=\"0.00025\""));
        Assert.That(bounds[^2], Does.Contain("le=\"60\""));
    }

    [Test]
    public void Latency_buckets_ascend_from_250_microseconds_to_a_minute() =>
        Assert.Multiple(() =>
        {
            Assert.That(LatencyBuckets.Seconds, Is.Ordered.Ascending);
            Assert.That(LatencyBuckets.Seconds, Is.Unique);
            Assert.That(LatencyBuckets.Seconds[0], Is.EqualTo(250e-6));
            Assert.That(LatencyBuckets.Seconds[^1], Is.EqualTo(60));
        });

    [Test]
    public void Gauges_show_the_last_value_and_up_down_counters_the_sum()
    {
        using var fixture = new ExporterFixture();
        var gauge = fixture.Meter.CreateGauge<double>("g");
        var inflight = fixture.Meter.CreateUpDownCounter<int>("inflight");

        gauge.Record(1);
        gauge.Record(double.PositiveInfinity);
        inflight.Add(3);
        inflight.Add(-1);

        Assert.That(fixture.Lines, Is.EqualTo(new[] { "# TYPE g gauge", "g +Inf", "# TYPE inflight gauge", "inflight 2" }));
    }

    [Test]
    public void An_observed_series_that_is_not_told_any_more_is_gone()
    {
        using var fixture = new ExporterFixture();
        List<Measurement<int>> now = [new(1, Tag("q", "a")), new(2, Tag("q", "b"))];
        fixture.Meter.CreateObservableGauge("depth", () => now);
        fixture.Meter.CreateObservableCounter("seen", () => 7);

        Assert.That(fixture.Lines, Does.Contain("""depth{q="a"} 1""").And.Contain("""depth{q="b"} 2""").And.Contain("seen_total 7"));

        now.RemoveAt(0);
        Assert.That(fixture.Text, Does.Not.Contain("""q="a""").And.Contain("""depth{q="b"} 2"""));
    }

    [Test]
    public void An_observation_that_throws_is_logged_and_costs_no_other_metric()
    {
        using var fixture = new ExporterFixture();
        fixture.Meter.CreateObservableGauge("broken", new Func<int>(() => throw new InvalidOperationException("no")));
        fixture.Meter.CreateCounter<int>("a_total").Add(1);

        Assert.That(fixture.Lines, Does.Contain("a_total 1"));
        Assert.That(fixture.Logger.Messages, Has.Count.EqualTo(1));
    }

    [Test]
    public void A_series_can_be_created_at_zero_before_its_first_measurement()
    {
        using var fixture = new ExporterFixture();
        var counter = fixture.Meter.CreateCounter<long>("a_total");
        var histogram = fixture.Meter.CreateHistogram<double>("h");

        Assert.That(fixture.Exporter.CreateSeries(counter, new TagList { { "revision", "r1" } }), Is.True);
        Assert.That(fixture.Exporter.CreateSeries(histogram, new TagList { { "revision", "r1" } }), Is.True);
        Assert.That(fixture.Lines, Does.Contain("""a_total{revision="r1"} 0""").And.Contain("""h_count{revision="r1"} 0"""));

        counter.Add(1, Tag("revision", "r1"));
        fixture.Exporter.CreateSeries(counter, new TagList { { "revision", "r1" } });
        Assert.That(fixture.Lines, Does.Contain("""a_total{revision="r1"} 1"""));
    }

    [Test]
    public void Removing_series_takes_those_with_all_the_labels_and_a_later_measurement_starts_at_zero()
    {
        using var fixture = new ExporterFixture();
        var counter = fixture.Meter.CreateCounter<long>("a_total");
        counter.Add(5, Tag("ns", "x"), Tag("revision", "r1"));
        counter.Add(6, Tag("ns", "y"), Tag("revision", "r1"));
        counter.Add(7, Tag("ns", "x"), Tag("revision", "r2"));

        Assert.That(fixture.Exporter.RemoveSeries(Tag("ns", "x"), Tag("revision", "r1")), Is.EqualTo(1));
        Assert.That(fixture.Text, Does.Not.Contain("""{ns="x",revision="r1"}""").And.Contain(" 6\n").And.Contain(" 7\n"));

        counter.Add(1, Tag("ns", "x"), Tag("revision", "r1"));
        Assert.That(fixture.Lines, Does.Contain("""a_total{ns="x",revision="r1"} 1"""));
    }

    [Test]
    public void Removing_by_no_label_is_refused()
    {
        using var fixture = new ExporterFixture();
        Assert.That(() => fixture.Exporter.RemoveSeries(), Throws.ArgumentException);
    }

    [Test]
    public void Beyond_the_limit_measurements_are_dropped_counted_and_said_once()
    {
        using var fixture = new ExporterFixture(maxSeries: 2);
        var counter = fixture.Meter.CreateCounter<long>("a_total");
        foreach (var user in new[] { "u1", "u2", "u3", "u4", "u1" })
        {
            counter.Add(1, Tag("user", user));
        }

        Assert.That(fixture.Lines, Does.Contain("""a_total{user="u1"} 2"""));
        Assert.That(fixture.Lines, Does.Contain("""telemetry_dropped_measurements_total{metric="a_total"} 2"""));
        Assert.That(fixture.Text, Does.Not.Contain("u3"));
        Assert.That(fixture.Logger.Messages, Has.Count.EqualTo(1));

        fixture.Exporter.RemoveSeries(Tag("user", "u1"));
        counter.Add(1, Tag("user", "u4"));
        Assert.That(fixture.Lines, Does.Contain("""a_total{user="u4"} 1"""), "room that became free is used");
    }

    [Test]
    public void What_is_no_measurement_is_counted_as_dropped()
    {
        using var fixture = new ExporterFixture();
        fixture.Meter.CreateHistogram<double>("h").Record(double.NaN);
        fixture.Meter.CreateCounter<double>("a_total").Add(-1);

        Assert.That(fixture.Lines, Does.Contain("""telemetry_dropped_measurements_total{metric="h"} 1"""));
        Assert.That(fixture.Lines, Does.Contain("""telemetry_dropped_measurements_total{metric="a_total"} 1"""));
        Assert.That(fixture.Lines, Does.Contain("a_total 0").And.Contain("h_count 0"));
    }

    [Test]
    public void Two_meters_of_one_name_share_a_metric()
    {
        using var fixture = new ExporterFixture();
        using var second = new Meter(fixture.Meter.Name);
        fixture.Meter.CreateCounter<int>("a_total").Add(1, Tag("c", "x"));
        second.CreateCounter<int>("a_total").Add(2, Tag("c", "x"));

        Assert.That(fixture.Lines, Is.EqualTo(new[] { "# TYPE a_total counter", """a_total{c="x"} 3""" }));

        second.Dispose();
        Assert.That(fixture.Lines, Has.Length.EqualTo(2), "one meter is left");
        fixture.Meter.Dispose();
        Assert.That(fixture.Text, Is.Empty);
    }

    [Test]
    public void A_name_used_for_two_types_keeps_the_first_and_says_so()
    {
        using var fixture = new ExporterFixture();
        fixture.Meter.CreateGauge<int>("a").Record(1);
        fixture.Meter.CreateHistogram<double>("a").Record(1);

        Assert.That(fixture.Lines, Is.EqualTo(new[] { "# TYPE a gauge", "a 1" }));
        Assert.That(fixture.Logger.Messages, Has.Count.EqualTo(1));
    }

    [Test]
    public void Meters_that_were_not_named_are_not_exported()
    {
        using var fixture = new ExporterFixture();
        using var other = new Meter("tests.other");
        other.CreateCounter<int>("other_total").Add(1);

        Assert.That(fixture.Text, Is.Empty);
    }

    [Test]
    public void Tags_of_the_meter_and_the_instrument_are_labels_of_every_series()
    {
        using var meter = new Meter("tests." + Guid.NewGuid(), null, [Tag("cluster", "a")]);
        using var exporter = new PrometheusExporter([meter.Name], new ListLogger());
        meter.CreateCounter<int>("a_total", null, null, [Tag("kind", "b")]).Add(1, Tag("c", true));

        Assert.That(exporter.Export(), Does.Contain("""a_total{c="true",cluster="a",kind="b"} 1"""));
    }

    [Test]
    public async Task Concurrent_measurements_are_all_counted()
    {
        using var fixture = new ExporterFixture();
        var counter = fixture.Meter.CreateCounter<double>("a_total");
        var histogram = fixture.Meter.CreateHistogram<double>("h");

        await Task.WhenAll(Enumerable.Range(0, 4).Select(worker => Task.Run(() =>
        {
            for (var i = 0; i < 5000; i++)
            {
                counter.Add(1, Tag("w", i % 3));
                histogram.Record(0.5);
            }
        })));

        Assert.That(fixture.Lines, Does.Contain("h_count 20000").And.Contain("h_sum 10000"));
        var total = fixture.Lines.Where(line => line.StartsWith("a_total{", StringComparison.Ordinal)).Sum(line => int.Parse(line.Split(' ')[1]));
        Assert.That(total, Is.EqualTo(20000));
    }
}
