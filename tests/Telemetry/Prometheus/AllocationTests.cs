using System.Diagnostics;
using static ModelOperator.Telemetry.Tests.Prometheus.ExporterFixture;

namespace ModelOperator.Telemetry.Tests.Prometheus;

/// <summary>The router measures every request: once a series exists, measuring must leave nothing to collect.</summary>
[NonParallelizable]
internal sealed class AllocationTests
{
    [Test]
    public void A_measurement_of_a_series_that_exists_allocates_nothing()
    {
        using var fixture = new ExporterFixture();
        var counter = fixture.Meter.CreateCounter<long>("a_total");
        var inflight = fixture.Meter.CreateUpDownCounter<long>("inflight");
        var histogram = fixture.Meter.CreateHistogram<double>("h");
        var tags = new TagList
        {
            { "namespace", "default" }, { "deployment", "digits" }, { "revision", "digits-r1" }, { "role", "Stable" }, { "outcome", "ok" },
        };

        void Measure()
        {
            counter.Add(1, tags);
            counter.Add(1, Tag("namespace", "default"), Tag("deployment", "digits"));
            inflight.Add(1, tags);
            histogram.Record(0.004, tags);
        }

        Assert.That(BytesPerCall(Measure), Is.Zero);
    }

    private static double BytesPerCall(Action action)
    {
        const int Calls = 10_000;
        for (var i = 0; i < Calls; i++)
        {
            action();
        }
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Calls; i++)
        {
            action();
        }
        return (GC.GetAllocatedBytesForCurrentThread() - before) / (double)Calls;
    }
}
