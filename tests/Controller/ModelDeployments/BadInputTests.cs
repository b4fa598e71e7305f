using ModelOperator.Api.Conventions;
using ModelOperator.Api.ModelDeployments;
using ModelOperator.Api.RollbackPolicies;
using ModelOperator.Controller.Tests.ModelDeployments.Fakes;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Controller.Tests.ModelDeployments;

/// <summary>Specs and policies that could never end a rollout: each is told with its path and gets no share, and stable goes on serving.</summary>
public sealed class BadInputTests
{
    private OperatorBench _bench = null!;

    [SetUp]
    public async Task Serve()
    {
        _bench = new OperatorBench();
        _bench.Apply("1");
        await _bench.RunToRestAsync();
    }

    [TearDown]
    public void TearDown() => _bench.Dispose();

    private static IEnumerable<TestCaseData<PolicyMetric, bool?, int?>> Unprovable()
    {
        yield return Case("a bound", new() { Builtin = "errorRate", Max = 0.01 });
        yield return Case("a comparison without provenBelow", new() { Compare = new() { Builtin = "errors" } });
        yield return Case("a dry run", Proving("errors"), dryRun: true);
        yield return Case("a metric that only alerts", Proving("errors", onFail: "Alert"));
        yield return Case("disagreements where nothing is mirrored", Proving("disagreements"));
        yield return Case("disagreements where none of the requests is mirrored", Proving("disagreements"), mirror: 0);

        static TestCaseData<PolicyMetric, bool?, int?> Case(string name, PolicyMetric metric, bool? dryRun = null, int? mirror = null) =>
            new(metric, dryRun, mirror) { TestName = $"Evidence is not waited for from {name}" };
    }

    [TestCaseSource(nameof(Unprovable))]
    public async Task Evidence_that_cannot_come_is_not_waited_for(PolicyMetric metric, bool? dryRun, int? mirror)
    {
        _bench.Cluster.Set(Policy(metric, dryRun));

        await ApplyAsync(AskForEvidence(mirror));

        AssertRefused("spec.rollout.steps[1].hold: evidence comes from a comparison with provenBelow that decides something");
    }

    [Test]
    public async Task The_default_policy_gives_no_evidence()
    {
        await ApplyAsync(spec => spec.Rollout!.Steps = EvidenceSteps(mirror: null));

        AssertRefused("spec.rollout.steps[1].hold: evidence comes from a comparison with provenBelow");
    }

    [TestCase("errors", null)]
    [TestCase("disagreements", 50)]
    public async Task Evidence_that_can_come_is_waited_for(string compared, int? mirror)
    {
        _bench.Cluster.Set(Policy(Proving("errors", onFail: "Alert")));
        _bench.Cluster.Set(Policy(Proving(compared), name: "more"));

        await ApplyAsync(spec =>
        {
            AskForEvidence(mirror)(spec);
            spec.Rollout!.Policies!.Add(new PolicyReference { Name = "more" });
        });

        Assert.That(_bench.Route, Is.EqualTo([("digits-r1", 95), ("digits-r2", 5)]), _bench.Status.Message);
    }

    [Test]
    public async Task What_was_refused_is_rolled_out_once_it_is_put_right()
    {
        _bench.Cluster.Set(Policy(Proving("errors"), dryRun: true));
        await ApplyAsync(AskForEvidence(mirror: null));
        AssertRefused("spec.rollout.steps[1].hold: ");

        _bench.Cluster.Set(Policy(Proving("errors")));
        await _bench.RunToRestAsync();

        Assert.That(_bench.Route, Is.EqualTo([("digits-r1", 95), ("digits-r2", 5)]), _bench.Status.Message);
    }

    [TestCase(new[] { 10, 50, 30 }, "spec.rollout.steps[2].weight: 30 is less than 50 in the step before; weights must not fall")]
    [TestCase(new[] { 10, 101 }, "spec.rollout.steps[1].weight: 101 is not a percentage")]
    [TestCase(new[] { 100, 100 }, "spec.rollout.steps[0].weight: 100 leaves nothing for the steps after it; it may only come last")]
    public async Task Steps_that_fall_or_exceed_100_are_told_with_their_path(int[] weights, string problem)
    {
        await ApplyAsync(spec => spec.Rollout!.Steps = [.. weights.Select(weight => new RolloutStep { Weight = weight, Hold = "10s" })]);

        AssertRefused(problem);
    }

    private static IEnumerable<TestCaseData<PolicyMetric, string>> Inconclusive()
    {
        yield return new(new() { Builtin = "errorRate" }, "spec.metrics[0]: give min, max or both: a metric without a bound judges nothing");
        yield return new(new() { Max = 1 }, "spec.metrics[0]: give one of builtin, query and compare");
        yield return new(new() { Builtin = "errorRate", Min = 2, Max = 1 }, "spec.metrics[0].min: 2 is above max 1: no value could pass");
        yield return new(new() { Query = "drift{r=\"{{revison}}\"}", Max = 1 }, "spec.metrics[0].query: unknown variable {{revison}}");
        yield return new(new() { Compare = new() { Bad = "bad{{pod}}", Total = "all" } }, "spec.metrics[0].compare.bad: unknown variable {{pod}}");
        yield return new(new() { Compare = new() { Bad = "bad", Total = "all{{pod}}" } }, "spec.metrics[0].compare.total: unknown variable {{pod}}");
    }

    [TestCaseSource(nameof(Inconclusive))]
    public async Task A_policy_that_could_never_conclude_is_told_with_the_path_in_both_objects(PolicyMetric metric, string problem)
    {
        _bench.Cluster.Set(Policy(metric));

        await ApplyAsync(spec => spec.Rollout!.Policies = [new PolicyReference { Name = "slo" }]);

        AssertRefused($"spec.rollout.policies[0].name: RollbackPolicy \"slo\" cannot be used: {problem}");
    }

    [TestCase("approval", CommandAnnotations.Promote)]
    [TestCase("10s", CommandAnnotations.Promote)]
    [TestCase("approval", CommandAnnotations.Abort)]
    public async Task A_command_on_a_step_that_does_not_exist_is_refused_with_the_one_under_way(string hold, string command)
    {
        await ApplyAsync(spec => spec.Rollout!.Steps = [new RolloutStep { Weight = 10, Hold = hold }]);

        _bench.Cluster.Annotate(_bench.Deployment, command, "digits-r2@2", "kubectl-annotate");
        await _bench.RunToRestAsync();

        Assert.Multiple(() =>
        {
            Assert.That(
                _bench.Cluster.All<Corev1Event>().Where(e => e.Reason == "CommandRefused").Select(e => e.Message),
                Is.EqualTo([$"{command[(command.IndexOf('/', StringComparison.Ordinal) + 1)..]} \"digits-r2@2\" does nothing: step 1 is under way"]));
            Assert.That(_bench.Status.Step, Is.EqualTo("1/1"));
            Assert.That(_bench.Route, Is.EqualTo([("digits-r1", 90), ("digits-r2", 10)]));
        });
    }

    private async Task ApplyAsync(Action<ModelDeploymentSpec> edit)
    {
        _bench.Apply("2", edit);
        await _bench.RunToRestAsync();
    }

    private void AssertRefused(string problem)
    {
        var stalled = _bench.Status.Conditions!.Single(condition => condition.Type == ConditionTypes.Stalled);
        Assert.Multiple(() =>
        {
            Assert.That((stalled.Status, stalled.Reason), Is.EqualTo(("True", "InvalidSpec")));
            Assert.That(stalled.Message, Does.Contain(problem));
            Assert.That(_bench.Status.Message, Does.Contain(problem));
            Assert.That(_bench.Status.Candidate, Is.Null);
            Assert.That(_bench.Route, Is.EqualTo([("digits-r1", 100)]));
        });
    }

    private static Action<ModelDeploymentSpec> AskForEvidence(int? mirror) => spec =>
    {
        spec.Rollout!.Steps = EvidenceSteps(mirror);
        spec.Rollout.Policies = [new PolicyReference { Name = "slo" }];
    };

    private static IList<RolloutStep> EvidenceSteps(int? mirror) =>
        [new RolloutStep { Weight = 5, Hold = "10s" }, new RolloutStep { Weight = 10, Mirror = mirror, Hold = RolloutStep.Evidence }];

    private static PolicyMetric Proving(string compared, string? onFail = null) =>
        new() { Compare = new MetricComparison { Builtin = compared, ProvenBelow = 2 }, OnFail = onFail };

    private static V1Alpha1RollbackPolicy Policy(PolicyMetric metric, bool? dryRun = null, string name = "slo")
    {
        metric.Name = "judged";
        return new V1Alpha1RollbackPolicy
        {
            Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = "default" },
            Spec = new RollbackPolicySpec { Metrics = [metric], DryRun = dryRun },
        };
    }
}
