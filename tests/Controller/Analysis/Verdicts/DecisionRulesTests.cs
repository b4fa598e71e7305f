using FsCheck.Fluent;
using ModelOperator.Judgement;
using ModelOperator.Judgement.Verdicts;
using static ModelOperator.Controller.Tests.Analysis.Verdicts.Plans;

namespace ModelOperator.Controller.Tests.Analysis.Verdicts;

internal sealed class DecisionRulesTests
{
    private static readonly Measurement Good = Rate(0.002, 65);
    private static readonly Measurement Bad = Rate(15 / 65.0, 65);
    private static readonly Measurement Down = new Measurement.Failed("Prometheus at http://p/ cannot be reached");

    [Test]
    public void When_every_metric_passes_the_step_may_advance()
    {
        var report = Combine((Errors(), Good), (Drift(), new Measurement.Measured(0.75)));

        Assert.Multiple(() =>
        {
            Assert.That(report.Decision, Is.EqualTo(JudgementDecision.Advance));
            Assert.That(report.Reason, Is.EqualTo("every metric passes: errors 0.2%, score 0.75"));
            Assert.That((report.Metric, report.Policy, report.MetricsError), Is.EqualTo(((string?)null, (string?)null, (string?)null)));
            Assert.That(report.Metrics, Has.Count.EqualTo(2));
        });
    }

    [Test]
    public void A_failure_takes_the_traffic_back_and_says_why_in_one_sentence()
    {
        var report = Combine((Drift(), Down), (Errors(), Bad));

        Assert.Multiple(() =>
        {
            Assert.That(report.Decision, Is.EqualTo(JudgementDecision.Rollback));
            Assert.That(report.Reason, Is.EqualTo("errors of policy digits-slo: error rate 23.1% over 65 requests is above 1%"));
            Assert.That((report.Metric, report.Policy), Is.EqualTo(("errors", "digits-slo")));
        });
    }

    [Test]
    public void A_failure_within_the_limit_holds() =>
        Assert.That(Combine((Errors() with { FailureLimit = 1 }, Bad)).Decision, Is.EqualTo(JudgementDecision.Hold));

    [Test]
    public void Too_few_requests_hold()
    {
        var report = Combine((Errors(), Rate(0, 12)));

        Assert.That((report.Decision, report.Reason),
            Is.EqualTo((JudgementDecision.Hold, "errors of policy digits-slo: 12 requests so far, at least 50 are needed")));
    }

    [Test]
    public void A_metric_that_pauses_pauses_and_one_that_rolls_back_is_worse()
    {
        var pausing = Errors("soft") with { OnFail = FailureAction.Pause };

        Assert.That(Combine((pausing, Bad), (Drift(), Down)).Decision, Is.EqualTo(JudgementDecision.Pause));
        Assert.That(Combine((pausing, Bad), (Errors(), Bad)).Metric, Is.EqualTo("errors"));
    }

    [Test]
    public void An_alert_is_told_and_stops_nothing()
    {
        var report = Combine((Errors("loud") with { OnFail = FailureAction.Alert }, Bad), (Errors(), Good));

        Assert.That(report.Decision, Is.EqualTo(JudgementDecision.Advance));
        Assert.That(report.Alerts, Is.EqualTo(new[] { "loud of policy digits-slo: error rate 23.1% over 65 requests is above 1%" }));
        Assert.That(report.Metrics[0].Verdict, Is.EqualTo("Fail"));
    }

    [Test]
    public void A_dry_run_is_judged_and_told_and_decides_nothing()
    {
        var report = Combine((Errors() with { DryRun = true }, Bad), (Drift() with { DryRun = true }, Down));

        Assert.Multiple(() =>
        {
            Assert.That(report.Decision, Is.EqualTo(JudgementDecision.Advance));
            Assert.That(report.Reason, Is.EqualTo("no metric decides anything here"));
            Assert.That(report.Alerts, Is.EqualTo(new[] { "dry run: errors of policy digits-slo: error rate 23.1% over 65 requests is above 1%" }));
            Assert.That(report.Metrics.Select(m => m.Verdict), Is.EqualTo(new[] { "Fail", "Error" }));
        });
    }

    [TestCase(0, "Hold", " (since 12:00:15Z; pauses after 10m)")]
    [TestCase(599, "Hold", " (since 12:00:15Z; pauses after 10m)")]
    [TestCase(600, "Pause", " (since 12:00:15Z, longer than the 10m allowed)")]
    public void Without_an_answer_it_holds_for_its_budget_and_then_pauses(int unknownFor, string decision, string suffix)
    {
        var status = Status(Errors(), Down);
        var now = Start.AddSeconds(15 + unknownFor);

        var report = DecisionRules.Combine([(Errors(), status)], Start, now);

        Assert.Multiple(() =>
        {
            Assert.That(report.Decision.ToString(), Is.EqualTo(decision));
            Assert.That(report.Reason, Is.EqualTo("errors of policy digits-slo: Prometheus at http://p/ cannot be reached" + suffix));
            Assert.That(report.MetricsError, Is.EqualTo(report.Reason));
        });
    }

    [Test]
    public void No_data_and_errors_have_budgets_of_their_own()
    {
        var plan = Errors() with
        {
            OnNoData = new(JudgementDecision.Advance, TimeSpan.FromMinutes(1), JudgementDecision.Rollback),
            OnError = new(JudgementDecision.Pause, TimeSpan.FromMinutes(1), JudgementDecision.Pause),
        };

        var noData = Combine((plan, new Measurement.Missing("nothing there")));

        Assert.That(noData.Decision, Is.EqualTo(JudgementDecision.Advance));
        Assert.That(
            noData.Reason,
            Is.EqualTo("no metric tells anything; goes on without errors of policy digits-slo: nothing there (since 12:00:15Z; rolls back after 1m)"));
        Assert.That(Combine((plan, Down)).Decision, Is.EqualTo(JudgementDecision.Pause));
        Assert.That(
            DecisionRules.Combine([(plan, Status(plan, new Measurement.Missing("x")))], Start, Start.AddMinutes(2)).Decision,
            Is.EqualTo(JudgementDecision.Rollback));
    }

    [Test]
    public void The_next_look_is_at_the_earliest_interval_or_end_of_a_budget()
    {
        var now = Start.AddSeconds(15);
        var brief = Errors() with { OnError = new(JudgementDecision.Hold, TimeSpan.FromSeconds(4), JudgementDecision.Pause) };

        Assert.Multiple(() =>
        {
            Assert.That(Combine((Errors(), Good)).NextLookAt, Is.EqualTo(now.AddSeconds(15)));
            Assert.That(Combine((Errors(), Good), (Drift() with { Interval = TimeSpan.FromSeconds(5) }, Down)).NextLookAt, Is.EqualTo(now.AddSeconds(5)));
            Assert.That(Combine((brief, Down)).NextLookAt, Is.EqualTo(now.AddSeconds(4)));
            Assert.That(DecisionRules.Combine([], Start, now).NextLookAt, Is.GreaterThan(now));
            Assert.That(DecisionRules.Combine([(Errors(), VerdictRules.Waiting(Errors()))], Start, Start).NextLookAt, Is.EqualTo(Start.AddSeconds(15)));
        });
    }

    [Test]
    public void The_worst_of_any_metrics_wins_in_any_order_and_nothing_unknown_lets_a_step_advance() =>
        Properties.ForAll(
            Gen.Elements(
                (Errors(), Good), (Errors(), Bad), (Errors(), Rate(1, 2)), (Errors(), Down), (Drift(), new Measurement.Missing("x")),
                (Errors() with { OnFail = FailureAction.Pause }, Bad)).NonEmptyListOf(),
            metrics =>
            {
                var decision = Combine([.. metrics]).Decision;
                return decision == metrics.Max(m => Combine(m).Decision)
                    && decision == Combine([.. Enumerable.Reverse(metrics)]).Decision
                    && (decision == JudgementDecision.Advance) == metrics.All(m => m.Item2 == Good);
            });

    private static JudgementReport Combine(params (MetricPlan Plan, Measurement Measurement)[] metrics) =>
        DecisionRules.Combine([.. metrics.Select(m => (m.Plan, Status(m.Plan, m.Measurement)))], Start, Start.AddSeconds(15));
}
