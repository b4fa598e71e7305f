using System.Diagnostics.Metrics;
using ModelOperator.Controller.Analysis;
using ModelOperator.Controller.Tests.ModelDeployments.Fakes;
using ModelOperator.Judgement;
using ModelOperator.Judgement.Queries;
using ModelOperator.Judgement.Sequential;
using ModelOperator.Judgement.Verdicts;

namespace ModelOperator.Controller.Tests.Analysis;

internal sealed class AnalysisMetricsTests
{
    private static readonly JudgementRequest Request = new("told", "digits", "digits-r2", "digits-r1", DateTimeOffset.UnixEpoch, [], []);

    [Test]
    public void The_latest_look_is_told_as_numbers_and_forgotten_when_nobody_looks_any_more()
    {
        var time = new ManualTime(DateTimeOffset.UnixEpoch);
        var metrics = new AnalysisMetrics(new FakeMeters(), time);
        var plan = new MetricPlan { Policy = "slo", Metric = "worse", Events = new ComparedEvents.Errors(), Comparison = new ComparisonBounds() };
        var sums = SequentialTest.Add(
            SequentialSums.None, plan.Comparison, new IntervalCounts(new BadCount(3, 100), new StableCounts(new BadCount(10, 2000))));
        var look = new Measurement.Compared(sums, null);

        metrics.Record(Request, plan, VerdictRules.Judge(plan, null, look, time.Now), look);
        var told = Told();
        time.Now += TimeSpan.FromMinutes(11);

        Assert.Multiple(() =>
        {
            Assert.That(told["modeloperator_analysis_value told digits slo worse"], Is.EqualTo(0.03).Within(1e-9));
            Assert.That(told["modeloperator_analysis_verdict told digits slo worse Pass"], Is.EqualTo(1));
            Assert.That(told["modeloperator_analysis_verdict told digits slo worse Fail"], Is.Zero);
            Assert.That(told["modeloperator_analysis_evidence told digits slo worse"], Is.EqualTo(sums.Harm.Log / Math.Log(100)).Within(1e-9));
            Assert.That(told["modeloperator_analysis_dispersion told digits slo worse"], Is.EqualTo(sums.Dispersion.Factor));
            Assert.That(Told(), Is.Empty);
        });
    }

    private static Dictionary<string, double> Told()
    {
        var told = new Dictionary<string, double>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == AnalysisMetrics.MeterName)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            // Meters of other tests have the same name.
            if (tags.Contains(new KeyValuePair<string, object?>("namespace", "told")))
            {
                told[string.Join(' ', [instrument.Name, .. tags.ToArray().Select(tag => tag.Value)])] = value;
            }
        }


        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.Start();
        listener.RecordObservableInstruments();
        return told;
    }
}
