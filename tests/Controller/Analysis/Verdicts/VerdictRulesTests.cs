using FsCheck.Fluent;
using ModelOperator.Api.ModelDeployments;
using ModelOperator.Judgement.Verdicts;
using static ModelOperator.Controller.Tests.Analysis.Verdicts.Plans;

namespace ModelOperator.Controller.Tests.Analysis.Verdicts;

internal sealed class VerdictRulesTests
{
    private static IEnumerable<TestCaseData> Looks()
    {
        yield return new(Errors(), Rate(0.0), Outcome.Pass, null);
        yield return new(Errors(), Rate(0.01), Outcome.Pass, null);
        yield return new(Errors(), Rate(15 / 65.0, 65), Outcome.Fail, "error rate 23.1% over 65 requests is above 1%");
        yield return new(Errors(), Rate(0.0100000004), Outcome.Fail, "error rate 1.00000004% over 100 requests is above 1%");
        yield return new(Errors(), Rate(1, 49), Outcome.Inconclusive, "49 requests so far, at least 50 are needed");
        yield return new(Errors(), Rate(double.NaN, 0), Outcome.Inconclusive, "0 requests so far, at least 50 are needed");
        yield return new(Errors() with { MinSamples = 1 }, Rate(1, 1), Outcome.Fail, "error rate 100% over 1 request is above 1%");
        yield return new(Drift(), new Measurement.Measured(0.75), Outcome.Pass, null);
        yield return new(Drift(), new Measurement.Measured(0.25), Outcome.Fail, "value 0.25 is below 0.5");
        yield return new(Drift(), new Measurement.Measured(3.14159), Outcome.Fail, "value 3.14 is above 1");
        yield return new(Drift(), new Measurement.Measured(double.NaN), Outcome.NoData, "the value is NaN: there is nothing to compute it from");
        yield return new(Drift(), new Measurement.Measured(double.PositiveInfinity), Outcome.Error, "the value is infinite: the query divides by zero");
        yield return new(Drift(), new Measurement.Measured(double.NegativeInfinity), Outcome.Error, "the value is infinite: the query divides by zero");
        yield return new(Drift(), new Measurement.Missing("empty"), Outcome.NoData, "empty");
        yield return new(Drift(), new Measurement.Failed("down"), Outcome.Error, "down");
    }

    [TestCaseSource(nameof(Looks))]
    public void A_look_has_one_of_five_outcomes(object plan, object measurement, object outcome, string? message) =>
        Assert.That(
            VerdictRules.Evaluate((MetricPlan)plan, (Measurement)measurement), Is.EqualTo(((Outcome)outcome, message)));

    [Test]
    public void A_status_says_everything_about_its_look()
    {
        var status = Status(Errors(), new Measurement.Measured(0.231, 65, 0.004));

        Assert.Multiple(() =>
        {
            Assert.That((status.Policy, status.Metric, status.Verdict), Is.EqualTo(("digits-slo", "errors", "Fail")));
            Assert.That((status.Value, status.Baseline, status.Threshold), Is.EqualTo(("23.1%", "0.4%", "<= 1%")));
            Assert.That((status.Samples, status.Failures, status.UnknownSince), Is.EqualTo((65L, 1, (DateTime?)null)));
            Assert.That(status.At, Is.EqualTo(Start.AddSeconds(15).UtcDateTime));
        });
    }

    [Test]
    public void Failures_add_up_and_beyond_the_limit_a_later_pass_does_not_undo_them()
    {
        var plan = Errors() with { FailureLimit = 1 };
        var first = Status(plan, Rate(0.5));
        var between = Status(plan, Rate(0), remembered: first);
        var second = Status(plan, Rate(0.5), remembered: between);
        var later = Status(plan, Rate(0), remembered: second);

        Assert.Multiple(() =>
        {
            Assert.That((first.Verdict, first.Failures), Is.EqualTo(("Fail", 1)));
            Assert.That(first.Message, Is.EqualTo("error rate 50% over 100 requests is above 1% (failed look 1, 1 allowed)"));
            Assert.That((between.Verdict, between.Failures), Is.EqualTo(("Pass", 1)));
            Assert.That((second.Verdict, second.Failures), Is.EqualTo(("Fail", 2)));
            Assert.That((later.Verdict, later.Failures), Is.EqualTo(("Fail", 2)));
            Assert.That(later.Message, Is.EqualTo("failed 2 looks since the step began, 1 allowed; the latest is Pass"));
        });
    }

    [Test]
    public void Unknown_since_lasts_from_no_data_to_error_and_ends_with_any_other_outcome()
    {
        var missing = Status(Errors(), new Measurement.Missing("x"), Start.AddSeconds(10));
        var down = Status(Errors(), new Measurement.Failed("x"), Start.AddSeconds(20), missing);
        var few = Status(Errors(), Rate(0, 3), Start.AddSeconds(30), down);
        var again = Status(Errors(), new Measurement.Failed("x"), Start.AddSeconds(40), few);

        Assert.That(
            new[] { missing, down, few, again }.Select(s => s.UnknownFrom()),
            Is.EqualTo(new DateTimeOffset?[] { Start.AddSeconds(10), Start.AddSeconds(10), null, Start.AddSeconds(40) }));
    }

    [TestCase(-1, false)]
    [TestCase(0, false)]
    [TestCase(1, true)]
    public void Only_a_look_after_the_step_began_is_remembered(int seconds, bool remembered)
    {
        var status = Status(Errors(), Rate(0), Start.AddSeconds(seconds));

        Assert.That(VerdictRules.Remembered(Errors(), [status], Start), remembered ? Is.SameAs(status) : Is.Null);
    }

    [Test]
    public void A_status_of_another_policy_or_metric_is_not_taken()
    {
        var status = Status(Errors("other"), Rate(0));

        Assert.That(VerdictRules.Remembered(Errors(), [status], Start), Is.Null);
    }

    [Test]
    public void A_time_that_lost_its_kind_is_UTC()
    {
        var status = new AnalysisStatus { At = DateTime.SpecifyKind(Start.UtcDateTime, DateTimeKind.Unspecified) };

        Assert.That(status.LookedAt(), Is.EqualTo(Start));
    }

    [Test]
    public void A_look_is_due_an_interval_after_the_last_and_at_once_when_the_last_lies_in_the_future()
    {
        var now = Start.AddSeconds(100);

        Assert.Multiple(() =>
        {
            Assert.That(VerdictRules.DueAt(Errors(), null, Start, now), Is.EqualTo(Start.AddSeconds(15)));
            Assert.That(VerdictRules.DueAt(Errors(), Status(Errors(), Rate(0), Start.AddSeconds(95)), Start, now), Is.EqualTo(Start.AddSeconds(110)));
            Assert.That(VerdictRules.DueAt(Errors(), Status(Errors(), Rate(0), Start.AddSeconds(999)), Start, now), Is.EqualTo(now));
        });
    }

    [Test]
    public void Over_any_run_only_failed_looks_count_as_failures_and_only_passing_ones_pass() =>
        Properties.ForAll(
            from looks in Gen.Elements(
                Rate(0), Rate(0.5), Rate(0.5, 3), Rate(double.NaN), new Measurement.Missing("x"), new Measurement.Failed("x")).ListOf()
            from limit in Gen.Choose(0, 3)
            select (looks, limit),
            x =>
            {
                var plan = Errors() with { FailureLimit = x.limit };
                AnalysisStatus? status = null;
                var failed = 0;
                return x.looks.All(look =>
                {
                    var outcome = VerdictRules.Evaluate(plan, look).Outcome;
                    failed += outcome == Outcome.Fail ? 1 : 0;
                    status = Status(plan, look, remembered: status);
                    return status.Failures == failed
                        && status.Verdict == (failed > x.limit ? Outcome.Fail : outcome).ToString()
                        && (status.UnknownSince is not null) == status.Verdict is "NoData" or "Error";
                });
            });
}
