using ModelOperator.Api.ModelRevisions;
using ModelOperator.Api.RollbackPolicies;
using ModelOperator.Controller.ModelDeployments;
using ModelOperator.Controller.Rollouts;
using ModelOperator.Judgement.Queries;

namespace ModelOperator.Controller.Tests.ModelDeployments;

public sealed class StepPoliciesTests
{
    private static readonly PolicySnapshot Both = Policy(
        "both",
        new PolicyMetric { Name = "errors", Builtin = "errorRate" },
        new PolicyMetric { Name = "answers", Builtin = "disagreement" },
        new PolicyMetric { Name = "compared", Compare = new MetricComparison { Builtin = "disagreements" } });

    private static readonly PolicySnapshot Errors = Policy("errors-only", new PolicyMetric { Name = "errors", Builtin = "errorRate" });

    [Test]
    public void Of_copies_only_the_difference_of_answers_is_judged() =>
        Assert.That(Judged(Stepping(new TrafficStep(0, "1m") { Mirror = 100 }), Both, Errors), Is.EqualTo(new[] { "answers", "compared" }));

    [Test]
    public void Where_no_copies_are_sent_the_difference_of_answers_holds_nothing_up()
    {
        Assert.That(Judged(Stepping(new TrafficStep(10, "1m")), Both, Errors), Is.EqualTo(new[] { "errors", "errors" }));
        Assert.That(Judged(new Rollout { State = RolloutState.Baking, Stable = "digits-r2", Previous = "digits-r1" }, Both), Is.EqualTo(new[] { "errors" }));
    }

    [Test]
    public void A_step_with_a_share_and_copies_is_judged_by_everything() =>
        Assert.That(Judged(Stepping(new TrafficStep(10, "1m") { Mirror = 50 }), Both), Is.EqualTo(new[] { "errors", "answers", "compared" }));

    [Test]
    public void Copies_that_no_policy_looks_at_are_not_judged_but_a_share_is_though_no_metric_tells_anything_of_it()
    {
        Assert.That(StepPolicies.Of(Stepping(new TrafficStep(0, "1m") { Mirror = 100 }), [Errors], CounterSource.Router), Is.Null);
        Assert.That(
            StepPolicies.Of(Stepping(new TrafficStep(10, "1m")), [Policy("answers-only", new PolicyMetric { Name = "answers", Builtin = "disagreement" })], CounterSource.Router),
            Is.Empty);
    }

    [Test]
    public void Where_model_servers_count_copies_are_judged_by_their_counts_and_never_by_answers()
    {
        var own = Policy("own", new PolicyMetric { Name = "own", Query = "up" });
        Assert.That(Judged(CounterSource.ModelServer, Stepping(new TrafficStep(0, "1m") { Mirror = 100 }), Both, own), Is.EqualTo(new[] { "errors" }));
        Assert.That(Judged(CounterSource.ModelServer, Stepping(new TrafficStep(10, "1m")), Both, own), Is.EqualTo(new[] { "errors", "own" }));
    }

    private static Rollout Stepping(TrafficStep step) => new() { State = RolloutState.Stepping, Steps = [step], Stable = "digits-r1", Candidate = "digits-r2" };

    private static IEnumerable<string>? Judged(Rollout rollout, params PolicySnapshot[] policies) => Judged(CounterSource.Router, rollout, policies);

    private static IEnumerable<string>? Judged(CounterSource source, Rollout rollout, params PolicySnapshot[] policies) =>
        StepPolicies.Of(rollout, policies, source)?.SelectMany(policy => policy.Spec.Metrics.Select(metric => metric.Name));

    private static PolicySnapshot Policy(string name, params PolicyMetric[] metrics) => new() { Name = name, Spec = new RollbackPolicySpec { Metrics = metrics } };
}
