using System.Net;
using ModelOperator.Api.ModelDeployments;
using ModelOperator.Api.ModelRoutes;
using ModelOperator.Api.RollbackPolicies;
using ModelOperator.Controller.Tests.ModelDeployments.Fakes;
using ModelOperator.Controller.Tests.Traffic.GatewayApi;
using ModelOperator.Controller.Traffic.GatewayApi.Resources;
using ModelOperator.Judgement;
using ModelOperator.Judgement.Queries;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Controller.Tests.ModelDeployments;

/// <summary>The controller with a Gateway for a router. Until <see cref="AnswerAsync"/>, the Gateway has not taken in what was written.</summary>
public sealed class GatewayProviderTests
{
    private OperatorBench _bench = null!;
    private FakeGateway _gateway = null!;

    [SetUp]
    public void SetUp()
    {
        _bench = new OperatorBench();
        _gateway = new FakeGateway(_bench.Cluster);
    }

    [TearDown]
    public void TearDown() => _bench.Dispose();

    [Test]
    public async Task A_first_revision_is_available_once_the_gateway_has_accepted_its_route()
    {
        _bench.Apply("1", OnGateway);
        await _bench.RunToRestAsync();
        Assert.Multiple(() =>
        {
            Assert.That(_bench.Status.Phase, Is.EqualTo("Pending"));
            Assert.That(_bench.Status.Message, Does.Contain("Gateway gateways/public has not said yet whether it takes the HTTPRoute"));
            Assert.That(Condition("WeightAchieved"), Is.EqualTo(("False", "GatewaySilent")));
            Assert.That(_bench.Cluster.All<V1Alpha1ModelRoute>(), Is.Empty);
        });

        await AnswerAsync();
        Assert.Multiple(() =>
        {
            Assert.That(_bench.Status.Phase, Is.EqualTo("Available"), _bench.Status.Message);
            Assert.That(_bench.Status.Url, Is.EqualTo("http://192.0.2.7/default/digits"));
            Assert.That(Condition("WeightAchieved"), Is.EqualTo(("True", "Served")));
            Assert.That(Weights(), Is.EqualTo([("digits-r1", 100)]));
            Assert.That(_bench.Routers.Asked, Is.Empty);
        });
    }

    [Test]
    public async Task A_step_does_not_start_on_a_status_of_an_older_generation()
    {
        await ServeFirstAsync();
        _bench.Apply("2", OnGateway);
        await _bench.RunToRestAsync();
        Assert.That(Weights(), Is.EqualTo([("digits-r1", 90), ("digits-r2", 10)]));
        await _bench.PassAsync(60);
        Assert.Multiple(() =>
        {
            Assert.That(_bench.Status.StepStartedAt, Is.Null);
            Assert.That(_bench.Status.Message, Does.Contain("has taken in generation 1 of the HTTPRoute, 2 is written"));
            Assert.That(Condition("WeightAchieved"), Is.EqualTo(("False", "GatewayLags")));
        });

        await AnswerAsync();
        Assert.That(_bench.Status.StepStartedAt, Is.EqualTo(_bench.Clock.Now.UtcDateTime));
    }

    [Test]
    public async Task A_candidate_goes_from_copies_over_chosen_callers_to_stable()
    {
        await ServeFirstAsync();
        _bench.Apply("2", spec =>
        {
            OnGateway(spec);
            spec.Rollout!.Steps =
            [
                new RolloutStep { Mirror = 100, Hold = "10s" },
                new RolloutStep { Hold = "10s", Match = [new RouteMatch { Header = "x-beta", Value = "true" }] },
                new RolloutStep { Weight = 50, Hold = "10s" },
            ];
        });
        await _bench.RunToRestAsync();
        await AnswerAsync();
        Assert.That(Rules().Single().Filters!.Select(filter => filter.Type), Is.EquivalentTo(["URLRewrite", "RequestMirror"]));
        Assert.That(_bench.Judge.Requests[^1].Source, Is.EqualTo(CounterSource.ModelServer), "its copies are judged by what its server counts");
        await PassAsync(10);
        Assert.That((Rules()[0].Matches.Single().Headers!.Single().Name, Rules()[0].BackendRefs!.Single().Name), Is.EqualTo(("x-beta", "digits-r2")));
        await PassAsync(10);
        Assert.That(Weights(), Is.EqualTo([("digits-r1", 50), ("digits-r2", 50)]));
        await PassAsync(10);
        await PassAsync(5);
        Assert.Multiple(() =>
        {
            Assert.That(_bench.Status.Phase, Is.EqualTo("Available"), _bench.Status.Message);
            Assert.That(Weights(), Is.EqualTo([("digits-r2", 100)]));
            Assert.That(_bench.Cluster.All<V1Deployment>().Select(deployment => deployment.Spec!.Replicas), Is.EqualTo([0, 2]));
        });
    }

    [Test]
    public async Task A_candidate_that_fails_loses_its_pods_only_after_the_gateway_has_let_go_of_it()
    {
        await ServeFirstAsync();
        _bench.Apply("2", OnGateway);
        await _bench.RunToRestAsync();
        await AnswerAsync();
        _bench.Judge.Decision = JudgementDecision.Rollback;
        await _bench.PassAsync(5);
        Assert.That((_bench.Status.Phase, Replicas("digits-r2")), Is.EqualTo(("RollingBack", 1)));
        Assert.That(Weights(), Is.EqualTo([("digits-r1", 100)]));
        await AnswerAsync();
        Assert.That((_bench.Status.Phase, Replicas("digits-r2")), Is.EqualTo(("RolledBack", 0)));
    }

    [Test]
    public async Task A_refused_route_moves_nothing_and_is_told_in_the_controllers_words()
    {
        _bench.Apply("1", OnGateway);
        await _bench.RunToRestAsync();
        await AnswerAsync("NotAllowedByListeners");
        Assert.Multiple(() =>
        {
            Assert.That(Condition("WeightAchieved"), Is.EqualTo(("False", "NotAllowedByListeners")));
            Assert.That(_bench.Status.Message, Does.Contain("lets no HTTPRoute of this namespace in").And.Contain("said by the controller"));
            Assert.That(_bench.Status.Phase, Is.EqualTo("Pending"));
        });
    }

    [Test]
    public async Task A_step_that_the_class_does_not_support_stalls_before_anything_is_made()
    {
        await ServeFirstAsync();
        var writes = _bench.Cluster.Writes.Count;
        _bench.Apply("2", spec =>
        {
            OnGateway(spec);
            spec.Rollout!.Steps = [new RolloutStep { Mirror = 20, Hold = "10s" }];
        });
        await _bench.RunToRestAsync();
        Assert.Multiple(() =>
        {
            Assert.That(Condition("Stalled"), Is.EqualTo(("True", "UnsupportedByGatewayClass")));
            Assert.That(Condition("Progressing").Status, Is.EqualTo("False"));
            Assert.That(_bench.Status.Message, Does.Contain("spec.rollout.steps[0].mirror"));
            Assert.That(_bench.Cluster.Writes.Skip(writes), Has.All.StartsWith("status"));
        });
    }

    [Test]
    public async Task A_policy_that_only_routers_can_answer_stalls_with_its_field()
    {
        _bench.Cluster.Set(new V1Alpha1RollbackPolicy
        {
            Metadata = new V1ObjectMeta { Name = "slo", NamespaceProperty = "default" },
            Spec = new RollbackPolicySpec { Metrics = [new PolicyMetric { Name = "same", Builtin = "disagreement", Max = 0.1 }] },
        });
        _bench.Apply("1", spec =>
        {
            OnGateway(spec);
            spec.Rollout!.Policies = [new PolicyReference { Name = "slo" }];
        });
        await _bench.RunToRestAsync();
        Assert.That(_bench.Status.Message, Does.Contain("spec.rollout.policies[0].name").And.Contain("spec.metrics[0].builtin").And.Contain("only routers compare answers"));
    }

    [TestCase(404, "GatewayApiMissing")]
    [TestCase(403, "GatewayApiForbidden")]
    public async Task Without_the_gateway_api_the_status_says_so_and_it_is_looked_for_again(int code, string reason)
    {
        _bench.GatewayApiRefusal = new KubernetesException((HttpStatusCode)code, new V1Status { Message = "no" });
        _bench.Restart();
        _bench.Apply("1", OnGateway);
        await _bench.RunToRestAsync();
        var again = await _bench.Controller.ReconcileAsync(_bench.Deployment, default);
        Assert.That((Condition("Stalled"), again.RequeueAfter), Is.EqualTo((("True", reason), TimeSpan.FromSeconds(10))));

        _bench.GatewayApiRefusal = null;
        _bench.Restart();
        await _bench.RunToRestAsync();
        await AnswerAsync();
        Assert.That(_bench.Status.Phase, Is.EqualTo("Available"), _bench.Status.Message);
    }

    [Test]
    public async Task A_route_that_may_not_be_written_blocks_with_the_servers_words()
    {
        _bench.Cluster.Refuse = write => write.Contains("HTTPRoute")
            ? new KubernetesException(HttpStatusCode.Forbidden, new V1Status { Message = "httproutes is forbidden: cannot patch" })
            : null;
        _bench.Apply("1", OnGateway);
        await _bench.RunToRestAsync();
        Assert.That(Condition("Stalled"), Is.EqualTo(("True", "RouteForbidden")));
        Assert.That(_bench.Status.Message, Does.Contain("cannot patch").And.Contain("httproutes.gateway.networking.k8s.io"));

        _bench.Cluster.Refuse = null;
        await _bench.RunToRestAsync();
        await AnswerAsync();
        Assert.That(_bench.Status.Phase, Is.EqualTo("Available"), _bench.Status.Message);
    }

    [Test]
    public async Task A_route_of_somebody_else_is_not_taken_over()
    {
        _bench.Cluster.Set(new V1HttpRoute { Metadata = new V1ObjectMeta { Name = "digits", NamespaceProperty = "default" } });
        _bench.Apply("1", OnGateway);
        var result = await _bench.Controller.ReconcileAsync(_bench.Deployment, default);
        result = result.IsSuccess ? await _bench.Controller.ReconcileAsync(_bench.Deployment, default) : result;
        Assert.That(result.ErrorMessage, Does.Contain("HTTPRoute default/digits was not made by the operator"));
    }

    [Test]
    public async Task An_unchanged_world_gets_no_write()
    {
        await ServeFirstAsync();
        _bench.Restart();
        var writes = _bench.Cluster.Writes.Count;
        _bench.Apply("1", OnGateway);
        await _bench.Controller.ReconcileAsync(_bench.Deployment, default);
        Assert.That(_bench.Cluster.Writes.Skip(writes), Is.Empty);
    }

    [Test]
    public async Task A_live_deployment_moves_to_a_gateway_and_back_and_the_old_route_goes_last()
    {
        _bench.Apply("1");
        await _bench.RunToRestAsync();
        _bench.Apply("1", OnGateway);
        await _bench.RunToRestAsync();
        Assert.Multiple(() =>
        {
            Assert.That(_bench.Route, Is.EqualTo([("digits-r1", 100)]), "routers serve until the Gateway does");
            Assert.That(Weights(), Is.EqualTo([("digits-r1", 100)]));
            Assert.That(_bench.Status.Url, Is.EqualTo("http://modelrouter.system/default/digits"));
            Assert.That(Condition("WeightAchieved").Status, Is.EqualTo("False"));
        });

        await AnswerAsync();
        Assert.Multiple(() =>
        {
            Assert.That(_bench.Cluster.All<V1Alpha1ModelRoute>(), Is.Empty);
            Assert.That((_bench.Status.Phase, _bench.Status.Url), Is.EqualTo(("Available", "http://192.0.2.7/default/digits")), _bench.Status.Message);
        });

        _bench.Apply("1");
        _bench.Routers.Lag = true;
        await _bench.RunToRestAsync();
        Assert.That(_bench.Cluster.All<V1HttpRoute>(), Has.Exactly(1).Items, "the Gateway serves until the routers do");
        _bench.Routers.Lag = false;
        await _bench.RunToRestAsync();
        Assert.Multiple(() =>
        {
            Assert.That(_bench.Cluster.All<V1HttpRoute>(), Is.Empty);
            Assert.That(_bench.Route, Is.EqualTo([("digits-r1", 100)]));
            Assert.That((_bench.Status.Phase, _bench.Status.Url), Is.EqualTo(("Available", "http://modelrouter.system/default/digits")), _bench.Status.Message);
        });
    }

    [Test]
    public async Task A_move_in_the_middle_of_a_rollout_keeps_both_routes_alike_and_the_rollout_waits_for_both()
    {
        _bench.Apply("1");
        await _bench.RunToRestAsync();
        _bench.Apply("2");
        await _bench.RunToRestAsync();
        _bench.Apply("2", OnGateway);
        await _bench.PassAsync(15);
        Assert.Multiple(() =>
        {
            Assert.That(_bench.Status.Step, Is.EqualTo("1/2"), "the Gateway has not accepted anything");
            Assert.That((_bench.Route, Weights()), Is.EqualTo(((IEnumerable<(string, int)>)[("digits-r1", 90), ("digits-r2", 10)], (IEnumerable<(string, int)>)[("digits-r1", 90), ("digits-r2", 10)])));
        });

        _bench.Judge.Decision = JudgementDecision.Rollback;
        await _bench.PassAsync(1);
        Assert.Multiple(() =>
        {
            Assert.That((_bench.Route.First(), Weights()), Is.EqualTo((("digits-r1", 100), (IEnumerable<(string, int)>)[("digits-r1", 100)])));
            Assert.That(Replicas("digits-r2"), Is.EqualTo(1), "the Gateway may still send it requests");
        });
        await AnswerAsync();
        Assert.Multiple(() =>
        {
            Assert.That((_bench.Status.Phase, Replicas("digits-r2")), Is.EqualTo(("RolledBack", 0)), _bench.Status.Message);
            Assert.That(_bench.Cluster.All<V1Alpha1ModelRoute>(), Is.Empty);
        });
    }

    [Test]
    public async Task A_move_to_a_gateway_that_is_not_there_leaves_the_routers_in_charge()
    {
        _bench.Apply("1");
        await _bench.RunToRestAsync();
        _bench.Cluster.Remove(Gateways.Gateway());
        _bench.Apply("1", OnGateway);
        await _bench.RunToRestAsync();
        Assert.Multiple(() =>
        {
            Assert.That(Condition("Stalled"), Is.EqualTo(("True", "GatewayNotFound")));
            Assert.That(_bench.Route, Is.EqualTo([("digits-r1", 100)]));
            Assert.That(_bench.Cluster.All<V1HttpRoute>(), Is.Empty);
            Assert.That(Condition("WeightAchieved"), Is.EqualTo(("True", "Served")));
        });
    }

    private static void OnGateway(ModelDeploymentSpec spec) => spec.Traffic = new TrafficSettings
    {
        Provider = "GatewayAPI",
        GatewayRef = new GatewayReference { Name = "public", Namespace = "gateways" },
    };

    private async Task ServeFirstAsync()
    {
        _bench.Apply("1", OnGateway);
        await _bench.RunToRestAsync();
        await AnswerAsync();
        Assert.That(_bench.Status.Phase, Is.EqualTo("Available"), _bench.Status.Message);
    }

    private async Task PassAsync(int seconds)
    {
        await _bench.PassAsync(seconds);
        await AnswerAsync();
    }

    /// <summary>The Gateway takes in what is written, until nothing new is.</summary>
    private async Task AnswerAsync(string? refusal = null)
    {
        while (_gateway.TakeIn(refusal))
        {
            await _bench.RunToRestAsync();
        }
    }

    private IList<HttpRouteRule> Rules() => _bench.Cluster.All<V1HttpRoute>().Single().Spec.Rules;

    private IEnumerable<(string, int)> Weights() => Rules()[^1].BackendRefs!.Select(backend => (backend.Name, backend.Weight ?? -1));

    private int? Replicas(string revision) => _bench.Cluster.All<V1Deployment>().Single(deployment => deployment.Name() == revision).Spec!.Replicas;

    private (string Status, string Reason) Condition(string type)
    {
        var condition = _bench.Status.Conditions!.Single(condition => condition.Type == type);
        return (condition.Status, condition.Reason);
    }
}
