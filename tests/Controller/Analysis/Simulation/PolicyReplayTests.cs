using ModelOperator.Controller.Analysis.Sequential;
using ModelOperator.Controller.Analysis.Simulation;

namespace ModelOperator.Controller.Tests.Analysis.Simulation;

internal sealed class PolicyReplayTests
{
    private const string Manifest = """
        apiVersion: modeloperator.io/v1alpha1
        kind: RollbackPolicy
        metadata: {name: slo}
        spec:
          interval: 30s
          metrics:
          - name: guard
            builtin: errorRate
            max: 0.2
          - name: p99
            builtin: latencyP99
            max: 1
          - name: worse
            compare: {builtin: errors, maxRatio: 1, provenBelow: 2}
        """;

    [Test]
    public void A_worse_candidate_is_rolled_back_with_its_evidence_and_the_limits_of_the_traffic_are_told()
    {
        var text = Simulate(Counts(3, 150, 14, 2850));

        Assert.Multiple(() =>
        {
            Assert.That(text, Does.StartWith("left out: p99, which counts of bad requests tell nothing of"));
            Assert.That(text, Does.Match(@"\n +\d+:[03]0  Rollback: worse of policy slo: \d+ of \d+ requests were errors"));
            Assert.That(text, Does.Contain("what this traffic can show in 60 min: 100 requests/s, 5% to the candidate, 0.5% bad, dispersion 1"));
            Assert.That(text, Does.Match(@"x10 +100 %, median +0:[03]0"));
        });
    }

    [Test]
    public void A_good_candidate_is_proven_and_not_rolled_back()
    {
        var text = Simulate(Counts(1, 150, 19, 2850));

        Assert.That(text, Does.Match(@"\d+:[03]0  evidence for promotion: shown: worse is less than 2 times stable's"));
        Assert.That(text, Does.Contain(" 60:00  end: Advance: every metric passes"));
    }

    [Test]
    public void A_guard_rail_speaks_too()
    {
        var (at, report) = PolicyReplay.Run(Policy(), [Counts(90, 150, 900, 2850)], []).Single();

        Assert.That((at, report.Metric), Is.EqualTo((TimeSpan.FromSeconds(30), "guard")));
    }

    [Test]
    public void Recorded_counts_are_read_line_by_line()
    {
        var intervals = CountsFile.Read(new StringReader("candidate_bad, candidate_total, stable_bad, stable_total\n1,150,14,2850\n\n 0, 140, 9, 2800\n"));

        Assert.That(intervals.Select(i => (i.Candidate, i.Stable.All)), Is.EqualTo(new[]
        {
            (new BadCount(1, 150), new BadCount(14, 2850)), (new BadCount(0, 140), new BadCount(9, 2800)),
        }));
    }

    [TestCase("", "line 1: the heading must be")]
    [TestCase("candidate_bad,candidate_total,stable_bad,stable_total", "there are no counts")]
    [TestCase("candidate_bad,candidate_total,stable_bad,stable_total\n1,2,3", "line 2: four whole numbers")]
    [TestCase("candidate_bad,candidate_total,stable_bad,stable_total\n1,2,3,4.5", "line 2: four whole numbers")]
    [TestCase("candidate_bad,candidate_total,stable_bad,stable_total\n3,2,0,0", "line 2: there are more bad requests than requests")]
    public void Other_counts_are_refused_by_line(string text, string why) =>
        Assert.That(Assert.Throws<FormatException>(() => CountsFile.Read(new StringReader(text)))!.Message, Does.StartWith(why));

    [TestCase("a: [", "it is not YAML at line")]
    [TestCase("kind: Deployment", "it is no RollbackPolicy with metrics")]
    [TestCase("kind: RollbackPolicy\nspec: {metrics: [{name: x, builtin: errorRate}]}", "spec.metrics[0]: give min, max or both")]
    [TestCase("kind: RollbackPolicy\nspec: {metrics: 7}", "it is not shaped like a RollbackPolicy")]
    public void Another_policy_is_refused_by_field(string text, string why) =>
        Assert.That(Assert.Throws<FormatException>(() => PolicyFile.Read(new StringReader(text)))!.Message, Does.StartWith(why));

    [Test]
    public void Recorded_counts_tell_what_traffic_like_them_can_show()
    {
        var like = new SyntheticTraffic().Like([.. Enumerable.Repeat(Counts(1, 150, 14, 2850), 40)]);

        Assert.That((like.RequestsPerSecond, like.Weight(TimeSpan.Zero), like.Dispersion), Is.EqualTo((100.0, 0.05, 1.0)));
        Assert.That(() => new SyntheticTraffic().Like([Counts(0, 10, 0, 100)]), Throws.InstanceOf<FormatException>());
    }

    private static Api.ModelRevisions.PolicySnapshot Policy() => PolicyFile.Read(new StringReader(Manifest));

    private static string Simulate(IntervalCounts each)
    {
        var output = new StringWriter { NewLine = "\n" };
        var report = new SimulationReport(output, Policy());
        report.Replay(Enumerable.Repeat(each, 120), [.. Enumerable.Repeat(each.Stable, 120)]);
        report.WhatCanBeShown(new SyntheticTraffic(), TimeSpan.FromHours(1));
        return output.ToString();
    }

    private static IntervalCounts Counts(long candidateBad, long candidate, long stableBad, long stable) =>
        new(new BadCount(candidateBad, candidate), new StableCounts(new BadCount(stableBad, stable)));
}
