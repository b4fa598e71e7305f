using ModelOperator.Api.Conventions;
using ModelOperator.Api.RollbackPolicies;
using ModelOperator.Judgement.Queries;
using ModelOperator.Telemetry.Prometheus;

namespace ModelOperator.Controller.Tests.Analysis.Queries;

internal sealed class PolicyValidationTests
{
    [Test]
    public void A_usable_policy_has_no_problems() => Assert.That(PolicyValidation.Problems(Usable()), Is.Empty);

    private static IEnumerable<TestCaseData<Action<RollbackPolicySpec>, string>> Broken()
    {
        yield return new(s => s.Metrics[1].Query = "{{nope}}", "spec.metrics[1].query: unknown variable {{nope}}");
        yield return new(s => s.Metrics[1].Builtin = "errorRate", "spec.metrics[1]: give one of builtin, query and compare");
        yield return new(s => s.Metrics[0].Builtin = "errors", "spec.metrics[0].builtin: there is no \"errors\"; there are errorRate, latencyP50");
        yield return new(s => s.Metrics[0].Max = null, "spec.metrics[0]: give min, max or both");
        yield return new(s => s.Metrics[0].Min = 2, "spec.metrics[0].min: 2 is above max 0.01");
        yield return new(s => s.Metrics[1].Reduce = "median", "spec.metrics[1].reduce: \"median\" is none of sum, max, min, avg");
        yield return new(s => s.Metrics[1].OnFail = "Explode", "spec.metrics[1].onFail: \"Explode\" is none of");
        yield return new(s => s.Metrics[0].Reduce = "max", "spec.metrics[0].reduce: reduce joins the series of a query");
        yield return new(s => s.Metrics[0].MinSamples = 0, "spec.metrics[0].minSamples: must be at least 1");
        yield return new(s => s.Metrics[2].Max = 1, "spec.metrics[2]: compare has its own bounds");
        yield return new(s => s.Metrics[2].Compare!.Bad = "x", "spec.metrics[2].compare: give either builtin, or bad and total");
        yield return new(s => s.Metrics[2].Compare = new() { Bad = "x" }, "spec.metrics[2].compare: give either builtin, or bad and total");
        yield return new(s => s.Metrics[2].Compare = new() { Bad = "x{{nope}}", Total = "y" }, "spec.metrics[2].compare.bad: unknown variable {{nope}}");
        yield return new(s => s.Metrics[2].Compare!.SlowerThan = null, "spec.metrics[2].compare.slowerThan: give slowerThan with builtin slow");
        yield return new(s => s.Metrics[2].Compare!.SlowerThan = "300ms", "spec.metrics[2].compare.slowerThan: requests are counted in buckets, so \"300ms\" must be the bound of one: 250us");
        yield return new(s => s.Metrics[2].Compare = new() { Builtin = "late" }, "spec.metrics[2].compare.builtin: there is no \"late\"");
        yield return new(s => s.Metrics[2].Compare!.MaxRatio = 0, "spec.metrics[2].compare.maxRatio: 0 is not between 0.1 and 100");
        yield return new(s => s.Metrics[2].Compare!.Confidence = 1, "spec.metrics[2].compare.confidence: 1 is not between 0.5 and 0.999999");
        yield return new(s => s.Metrics[2].Compare!.ProvenBelow = null, "spec.metrics[2].compare.provenConfidence: provenConfidence is the confidence of provenBelow");
        yield return new(s => s.Metrics[1].Name = "errors", "spec.metrics[1].name: \"errors\" is taken");
        yield return new(s => s.Interval = "soon", "spec.interval: \"soon\" is not a duration");
        yield return new(s => s.Interval = "0s", "spec.interval: must be more than zero");
        yield return new(s => s.Prometheus!.Timeout = "0s", "spec.prometheus.timeout: must be more than zero");
        yield return new(s => s.OnError = new() { Then = "Panic" }, "spec.onError.then: \"Panic\" is none of");
        yield return new(s => s.OnNoData = new() { For = "x" }, "spec.onNoData.for: \"x\" is not a duration");
        yield return new(s => s.Prometheus!.Address = "prometheus:9090", "spec.prometheus.address: is no http or https address");
        yield return new(s => s.Prometheus!.Address = "http://u:secret@prom", "spec.prometheus.address: holds credentials");
        yield return new(s => s.Prometheus!.Address = "http://prom/?a=b", "spec.prometheus.address: holds a query");
    }

    [Test]
    public void The_bounds_that_a_person_is_told_are_those_of_the_routers_histogram() => Assert.That(
        MetricComparison.SlowerThanBounds.Split(", ").Select(text => Duration.TryParse(text, out var bound) ? bound.TotalSeconds : double.NaN),
        Is.EqualTo(LatencyBuckets.Seconds));

    [TestCaseSource(nameof(Broken))]
    public void A_problem_names_its_field(Action<RollbackPolicySpec> breakIt, string expected)
    {
        var spec = Usable();
        breakIt(spec);

        var problems = PolicyValidation.Problems(spec).Select(p => p.ToString()).ToList();

        Assert.That(problems, Has.Count.EqualTo(1));
        Assert.That(problems[0], Does.StartWith(expected));
        Assert.That(problems[0], Does.Not.Contain("secret"));
    }

    private static RollbackPolicySpec Usable() => new()
    {
        Prometheus = new() { Address = "https://prometheus.monitoring:9090/prefix", Timeout = "5s" },
        Interval = "15s",
        OnNoData = new() { Action = "Hold", For = "0s", Then = "Continue" },
        Metrics =
        [
            new() { Name = "errors", Builtin = "errorRate", Max = 0.01 },
            new() { Name = "drift", Query = "drift{revision=\"{{revision}}\"}", Min = 0, Max = 1, Reduce = "max", OnFail = "Alert" },
            new() { Name = "slower", Compare = new() { Builtin = "slow", SlowerThan = "0.25s", ProvenBelow = 2, ProvenConfidence = 0.9 } },
        ],
    };
}
