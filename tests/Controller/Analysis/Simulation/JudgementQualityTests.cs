using ModelOperator.Judgement.Sequential;
using ModelOperator.Judgement.Simulation;

namespace ModelOperator.Controller.Tests.Analysis.Simulation;

/// <summary>
/// The statistics that the judge promises, on fewer rollouts than the benchmark's and from fixed seeds: 60 minutes, 5 % canary, 100 requests a
/// second, 0.5 % errors, a look every 30 s, confidence 0.99.
/// </summary>
internal sealed class JudgementQualityTests
{
    private const int Rollouts = 400;

    // More than this of 400 has a probability below 1e-3 if the true share is 1 %.
    private const int MostInnocent = 12;

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private static IEnumerable<TestCaseData> Innocent()
    {
        Func<TimeSpan, double> incident = at => at >= TimeSpan.FromMinutes(20) && at < TimeSpan.FromMinutes(30) ? 10 : 1;
        Func<TimeSpan, double> weights = at => at.TotalMinutes switch { < 15 => 0.01, < 30 => 0.05, < 45 => 0.25, _ => 0.5 };
        yield return new TestCaseData(new SyntheticTraffic()).SetArgDisplayNames("constant");
        yield return new TestCaseData(new SyntheticTraffic { Incident = incident }).SetArgDisplayNames("shared incident");
        yield return new TestCaseData(new SyntheticTraffic { Weight = weights }).SetArgDisplayNames("changing weights");
        yield return new TestCaseData(new SyntheticTraffic { Dispersion = 3 }).SetArgDisplayNames("bursts of 3");
        yield return new TestCaseData(new SyntheticTraffic { Dispersion = 10 }).SetArgDisplayNames("bursts of 10");
        yield return new TestCaseData(new SyntheticTraffic { Dispersion = 10, Incident = incident, Weight = weights }).SetArgDisplayNames("all together");
    }

    [TestCaseSource(nameof(Innocent))]
    public void A_candidate_that_is_no_worse_is_hardly_ever_rolled_back(object traffic) =>
        Assert.That(Run((SyntheticTraffic)traffic).Count(rollout => rollout.AbortAt is not null), Is.AtMost(MostInnocent));

    [TestCase(2, 10)]
    [TestCase(3, 3.5)]
    [TestCase(5, 1.5)]
    [TestCase(10, 0.5)]
    public void A_worse_candidate_is_found_in_time(double ratio, double minutes)
    {
        // A median within the target has at least 40 % of 400 rollouts within it but for a probability of 4e-5.
        var found = Run(new SyntheticTraffic { Ratio = ratio }).Count(rollout => rollout.AbortAt <= TimeSpan.FromMinutes(minutes));

        Assert.That(found, Is.AtLeast(Rollouts * 2 / 5));
    }

    [TestCase(0.05, 9)]
    [TestCase(0.25, 2.5)]
    public void A_candidate_that_is_as_good_is_proven_in_time(double weight, double minutes)
    {
        var proven = Run(new SyntheticTraffic { Weight = _ => weight }).Count(rollout => rollout.ProvenAt <= TimeSpan.FromMinutes(minutes));

        Assert.That(proven, Is.AtLeast(Rollouts * 2 / 5));
    }

    [Test]
    public void A_candidate_at_the_ratio_to_be_excluded_is_hardly_ever_proven()
    {
        // 5 % are allowed; more than 35 of 400 has a probability below 1e-3 then.
        var proven = Run(new SyntheticTraffic { Ratio = 2, Weight = _ => 0.25 }, new ComparisonBounds(100, ProvenBelow: 2)).Count(rollout => rollout.ProvenAt is not null);

        Assert.That(proven, Is.AtMost(35));
    }

    private static List<SimulatedRollout> Run(SyntheticTraffic traffic, ComparisonBounds? bounds = null) =>
        [.. Enumerable.Range(0, Rollouts).Select(seed => SimulatedRollout.Run(traffic, bounds ?? new ComparisonBounds(ProvenBelow: 2), Hour, seed))];
}
