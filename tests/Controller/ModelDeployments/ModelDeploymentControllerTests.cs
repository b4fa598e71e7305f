using ModelOperator.Api.Conventions;
using ModelOperator.Api.ModelDeployments;
using ModelOperator.Api.ModelRevisions;
using ModelOperator.Api.ModelRoutes;
using ModelOperator.Api.RollbackPolicies;
using ModelOperator.Controller.Tests.ModelDeployments.Fakes;
using ModelOperator.Judgement;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Controller.Tests.ModelDeployments;

public sealed class ModelDeploymentControllerTests
{
    private OperatorBench _bench = null!;

    [SetUp]
    public void SetUp() => _bench = new OperatorBench();

    [TearDown]
    public void TearDown() => _bench.Dispose();

    [Test]
    public async Task A_new_deployment_gets_pods_services_and_a_route_and_becomes_available()
    {
        _bench.Apply("1");
        await _bench.RunToRestAsync();
        Assert.Multiple(() =>
        {
            Assert.That(_bench.Status.Phase, Is.EqualTo("Available"), _bench.Status.Message);
            Assert.That(_bench.Status.Url, Is.EqualTo("http://modelrouter.system/default/digits"));
            Assert.That(_bench.Route, Is.EqualTo([("digits-r1", 100)]));
            Assert.That(_bench.Cluster.All<V1Service>().Select(s => s.Name()), Is.EquivalentTo(["digits", "digits-r1"]));
            Assert.That(_bench.Cluster.All<V1PodDisruptionBudget>(), Has.Exactly(1).Items);
            Assert.That(_bench.Revision("digits-r1").Status.Outcome, Is.EqualTo("Stable"));
            Assert.That(_bench.Status.ObservedGeneration, Is.EqualTo(_bench.Deployment.Metadata.Generation));
        });
    }

    [Test]
    public async Task An_unchanged_world_gets_no_write_also_from_a_new_process()
    {
        _bench.Apply("1");
        await _bench.RunToRestAsync();
        _bench.Restart();
        var writes = _bench.Cluster.Writes.Count;
        await _bench.Controller.ReconcileAsync(_bench.Deployment, default);
        Assert.That(_bench.Cluster.Writes.Skip(writes), Is.Empty);
    }

    [Test]
    public async Task A_changed_model_is_rolled_out_in_steps_and_judged_by_the_policies_of_its_start()
    {
        _bench.Cluster.Set(Policy(max: 0.01));
        _bench.Apply("1", WithPolicy);
        await _bench.RunToRestAsync();
        _bench.Apply("2", WithPolicy);
        await _bench.RunToRestAsync();
        Assert.That(_bench.Route, Is.EqualTo([("digits-r1", 90), ("digits-r2", 10)]));
        _bench.Cluster.Set(Policy(max: 0.5));
        await _bench.PassAsync(10);
        Assert.That(_bench.Judge.Requests[^1].Policies.Single().Spec.Metrics.Single().Max, Is.EqualTo(0.01), "edits do not move the goal posts");
        await _bench.PassAsync(10);
        Assert.That(_bench.Status.Phase, Is.EqualTo("Baking"));
        await _bench.PassAsync(5);
        Assert.Multiple(() =>
        {
            Assert.That(_bench.Status.Phase, Is.EqualTo("Available"));
            Assert.That(_bench.Route, Is.EqualTo([("digits-r2", 100)]));
            Assert.That(_bench.Revision("digits-r1").Status.Outcome, Is.EqualTo("Promoted"));
            Assert.That(_bench.Revision("digits-r2").Status.Verdicts, Is.Not.Empty);
            Assert.That(_bench.Revision("digits-r1").Status.Verdicts, Is.Null, "it was not judged");
            Assert.That(_bench.Cluster.All<V1Deployment>().Select(d => d.Spec!.Replicas), Is.EqualTo([0, 2]));
            Assert.That(_bench.Cluster.All<V1Service>().Single(s => s.Name() == "digits").Spec!.Selector!.Values, Does.Contain("digits-r2"));
        });
    }

    [Test]
    public async Task A_candidate_that_fails_its_judgement_is_rolled_back_and_not_tried_again()
    {
        _bench.Apply("1");
        await _bench.RunToRestAsync();
        _bench.Apply("2");
        await _bench.RunToRestAsync();
        _bench.Judge.Decision = JudgementDecision.Rollback;
        await _bench.PassAsync(5);
        _bench.Judge.Decision = JudgementDecision.Advance;
        _bench.Apply("2");
        await _bench.PassAsync(60);
        Assert.Multiple(() =>
        {
            Assert.That(_bench.Status.Phase, Is.EqualTo("RolledBack"));
            Assert.That(_bench.Route, Is.EqualTo([("digits-r1", 100)]));
            Assert.That(_bench.Status.LastRollback!.Reason, Does.Contain("error rate 4 %"));
            Assert.That(_bench.Revision("digits-r2").Status.Outcome, Is.EqualTo("RolledBack"));
            Assert.That(_bench.Revision("digits-r2").Status.Verdicts!.Single().Verdict, Is.EqualTo("Fail"));
        });
    }

    [Test]
    public async Task A_candidate_that_gives_other_answers_than_stable_is_rolled_back_from_its_copies()
    {
        static void Copies(ModelDeploymentSpec spec)
        {
            WithPolicy(spec);
            spec.Rollout!.Steps = [new RolloutStep { Mirror = 100, Hold = "10s" }, new RolloutStep { Weight = 10, Hold = "10s" }];
        }

        _bench.Cluster.Set(Policy(max: 0.2, builtin: "disagreement"));
        _bench.Apply("1", Copies);
        await _bench.RunToRestAsync();
        _bench.Apply("2", Copies);
        await _bench.RunToRestAsync();
        Assert.That(_bench.Cluster.All<V1Alpha1ModelRoute>().Single().Spec.Backends.Select(b => b.Mirror), Is.EqualTo(new int?[] { null, 100 }));

        _bench.Judge.Decision = JudgementDecision.Rollback;
        await _bench.PassAsync(5);
        Assert.That(_bench.Status.Phase, Is.EqualTo("RolledBack"));
        Assert.That(_bench.Route, Is.EqualTo([("digits-r1", 100)]));
    }

    [Test]
    public async Task Nothing_advances_while_a_router_lags()
    {
        _bench.Apply("1");
        await _bench.RunToRestAsync();
        _bench.Routers.Lag = true;
        _bench.Apply("2");
        await _bench.RunToRestAsync();
        await _bench.PassAsync(60);
        Assert.Multiple(() =>
        {
            Assert.That(_bench.Status.StepStartedAt, Is.Null);
            Assert.That(_bench.Status.Message, Does.Contain("0 of 1 routers"));
            Assert.That(_bench.Routers.Asked[^1], Is.EqualTo(new Uri("http://127.0.0.1:8081/routes/default/digits")));
        });
    }

    [Test]
    public async Task The_first_digest_pins_a_revision_and_a_pod_with_other_bytes_does_not_count()
    {
        _bench.Apply("1");
        await _bench.RunToRestAsync();
        Assert.Multiple(() =>
        {
            Assert.That(_bench.Revision("digits-r1").Status.Digest, Is.EqualTo(OperatorBench.Digest));
            Assert.That(_bench.Cluster.All<V1ConfigMap>().Single().Data!["sha256"], Is.EqualTo(OperatorBench.Digest));
        });

        _bench.Fetched = new string('b', 64);
        _bench.Apply("1", spec => spec.Replicas = 3);
        await _bench.Controller.ReconcileAsync(_bench.Deployment, default);
        _bench.Kubelet();
        var other = _bench.Cluster.All<V1Pod>().Single(pod => pod.Name() == "digits-r1-2");
        await _bench.Controller.ReconcileAsync(_bench.Deployment, default);
        Assert.Multiple(() =>
        {
            Assert.That(_bench.Status.Message, Does.Contain(other.Name()).And.Contain("pinned"));
            Assert.That(_bench.Status.ReadyReplicas, Is.EqualTo(2));
            Assert.That(_bench.Cluster.Writes, Does.Contain($"delete V1Pod {other.Name()}"));
        });
    }

    [Test]
    public async Task A_change_of_replicas_or_policies_makes_no_revision_and_a_return_to_an_old_model_takes_its_revision_again()
    {
        _bench.Cluster.Set(Policy(max: 0.01));
        _bench.Apply("1");
        await _bench.RunToRestAsync();
        _bench.Apply("1", spec =>
        {
            WithPolicy(spec);
            spec.Replicas = 3;
        });
        await _bench.RunToRestAsync();
        Assert.That(_bench.Cluster.All<V1Alpha1ModelRevision>(), Has.Count.EqualTo(1));
        _bench.Apply("2");
        await RollAsync();
        _bench.Apply("1");
        await RollAsync();
        Assert.Multiple(() =>
        {
            Assert.That(_bench.Status.Stable!.Revision, Is.EqualTo("digits-r1"));
            Assert.That(_bench.Cluster.All<V1Alpha1ModelRevision>(), Has.Count.EqualTo(2));
        });
    }

    [Test]
    public async Task An_unknown_policy_or_runtime_stalls_with_the_path_of_the_field()
    {
        _bench.Apply("1", WithPolicy);
        await _bench.RunToRestAsync();
        Assert.That(_bench.Status.Message, Does.Contain("spec.rollout.policies[0].name"));
        _bench.Apply("1", spec => spec.Runtime = new RuntimeSettings { Name = "triton" });
        await _bench.RunToRestAsync();
        Assert.Multiple(() =>
        {
            Assert.That(_bench.Status.Message, Does.Contain("spec.runtime.name").And.Contain("triton"));
            Assert.That(_bench.Status.Conditions!.Single(c => c.Type == "Stalled").Status, Is.EqualTo("True"));
            Assert.That(_bench.Cluster.All<V1Deployment>(), Is.Empty);
        });
    }

    [Test]
    public async Task A_service_that_somebody_else_made_is_not_taken_over()
    {
        _bench.Cluster.Set(new V1Service { Metadata = new V1ObjectMeta { Name = "digits-r1", NamespaceProperty = "default" } });
        _bench.Apply("1");
        var result = await _bench.Controller.ReconcileAsync(_bench.Deployment, default);
        Assert.Multiple(() =>
        {
            Assert.That(result.IsSuccess, Is.False);
            Assert.That(result.ErrorMessage, Does.Contain("default/digits-r1").And.Contain("was not made by the operator"));
            Assert.That(_bench.Cluster.All<Corev1Event>().Select(e => e.Reason), Does.Contain("NameTaken"));
            Assert.That(_bench.Status.Phase, Is.EqualTo("Degraded"));
            Assert.That(_bench.Status.Conditions?.Single(c => c.Type == "Stalled"), Has.Property("Status").EqualTo("True").And.Property("Reason").EqualTo("NameTaken"));
        });
    }

    [Test]
    public async Task A_command_is_recorded_with_who_why_and_when_in_the_revision_that_it_was_about()
    {
        _bench.Apply("1");
        await _bench.RunToRestAsync();
        _bench.Apply("2");
        await _bench.RunToRestAsync();
        _bench.Cluster.Annotate(_bench.Deployment, CommandAnnotations.Reason, "looks good", "kubectl-annotate");
        _bench.Cluster.Annotate(_bench.Deployment, CommandAnnotations.Promote, "digits-r2@1", "argocd-controller");
        await _bench.RunToRestAsync();
        var record = _bench.Revision("digits-r2").Status.Commands!.Single();
        Assert.Multiple(() =>
        {
            Assert.That(_bench.Route, Is.EqualTo([("digits-r1", 50), ("digits-r2", 50)]));
            Assert.That((record.Command, record.Text, record.Step), Is.EqualTo(("promote", "digits-r2@1", 1)));
            Assert.That((record.By, record.Reason), Is.EqualTo(("argocd-controller", "looks good")));
            Assert.That(record.At, Is.EqualTo(_bench.Clock.Now.UtcDateTime));
        });
    }

    private async Task RollAsync()
    {
        await _bench.RunToRestAsync();
        await _bench.PassAsync(10);
        await _bench.PassAsync(10);
        await _bench.PassAsync(5);
        Assert.That(_bench.Status.Phase, Is.EqualTo("Available"), _bench.Status.Message);
    }

    private static void WithPolicy(ModelDeploymentSpec spec) => spec.Rollout!.Policies = [new PolicyReference { Name = "slo" }];

    private static V1Alpha1RollbackPolicy Policy(double max, string builtin = "errorRate") => new()
    {
        Metadata = new V1ObjectMeta { Name = "slo", NamespaceProperty = "default" },
        Spec = new RollbackPolicySpec { Metrics = [new PolicyMetric { Name = "errors", Builtin = builtin, Max = max }] },
    };
}
