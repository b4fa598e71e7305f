using ModelOperator.Cli.Files;
using ModelOperator.Cli.Hosting;
using ModelOperator.Cli.Simulation;
using ModelOperator.Cli.Tests.Harness;
using ModelOperator.Judgement.Sequential;
using ModelOperator.Judgement.Simulation;

namespace ModelOperator.Cli.Tests;

internal sealed class SimulateTests
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

    [TestCase("simulate-no-yaml", "a: [")]
    [TestCase("simulate-no-policy", "kind: Deployment")]
    [TestCase("simulate-no-metrics", "kind: RollbackPolicy\nspec: {interval: 30s}")]
    [TestCase("simulate-unbounded", "kind: RollbackPolicy\nspec:\n  metrics:\n  - {name: x, builtin: errorRate}")]
    [TestCase("simulate-type", "kind: RollbackPolicy\nspec: {metrics: 7}")]
    [TestCase("simulate-too-long", Manifest, "--for", "900h")]
    [TestCase("simulate-no-duration", Manifest, "--for", "long")]
    [TestCase("simulate-no-traffic", Manifest, "--requests", "0")]
    [TestCase("simulate-no-counts", Manifest, "--counts", "/nonexistent/counts.csv")]
    [TestCase("simulate-made-up", Manifest, "--ratio", "3", "--for", "20m")]
    public async Task A_command_is_answered_as_expected(string golden, string policy, params string[] options) =>
        Golden.Check(golden, await RunAsync(policy, options));

    [Test]
    public async Task Recorded_counts_are_replayed()
    {
        var file = Path.Combine(TestContext.CurrentContext.WorkDirectory, $"counts-{Guid.NewGuid():n}.csv");
        await File.WriteAllLinesAsync(file, [CountsFile.Heading, .. Enumerable.Repeat("3,150,14,2850", 60)]);
        try
        {
            Golden.Check("simulate-counts", await RunAsync(Manifest, "--counts", file));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Test]
    public void Recorded_counts_tell_what_traffic_like_them_can_show()
    {
        var like = new SyntheticTraffic().Like([.. Enumerable.Repeat(Counts(1, 150, 14, 2850), 40)]);

        Assert.That((like.RequestsPerSecond, like.Weight(TimeSpan.Zero), like.Dispersion), Is.EqualTo((100.0, 0.05, 1.0)));
        Assert.That(() => new SyntheticTraffic().Like([Counts(0, 10, 0, 100)]), Throws.InstanceOf<FormatException>());
    }

    private static Api.ModelRevisions.PolicySnapshot Policy() => PolicyFile.Read("policy.yaml", YamlText.Read("policy.yaml", Manifest));

    private static Task<RunResult> RunAsync(string policy, params string[] options) => TestedCluster.RunAsync(
        new Surroundings { Out = new StringWriter(), Error = new StringWriter(), In = new StringReader(policy), Time = TestedCluster.Time },
        ["simulate", "-", .. options]);

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
