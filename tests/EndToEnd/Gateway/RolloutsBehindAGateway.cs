using System.Text.Json.Nodes;
using ModelOperator.Api.ModelDeployments;
using ModelOperator.Api.ModelRoutes;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.EndToEnd.Tests.Gateway;

/// <summary>An operator process and a Gateway whose controller is pretended. The API server checks every HTTPRoute by the published definition.</summary>
[TestFixture]
[Category("OwnCluster")]
internal sealed class RolloutsBehindAGateway
{
    private GatewayCluster _cluster = null!;
    private string? _saidWithoutGatewayApi;

    [OneTimeSetUp]
    public async Task Install()
    {
        // The operator runs before there is a Gateway API, and stays.
        _cluster = await GatewayCluster.StartAsync();
        await _cluster.CreateAsync("early", OnGateway(), "good");
        await _cluster.UntilAsync("early", "says what is missing", deployment => Condition(deployment, "Stalled") is { Status: "True", Reason: "GatewayApiMissing" });
        _saidWithoutGatewayApi = _cluster.Deployment("early")!.Status.Message;
        await _cluster.InstallGatewayApiAsync("HTTPRouteRequestMirror", "HTTPRouteRequestPercentageMirror", "HTTPRoutePathRewrite");
    }

    [OneTimeTearDown]
    public async Task Remove() => await _cluster.DisposeAsync();

    [Test]
    public async Task A_cluster_that_gets_the_gateway_api_later_needs_no_restart()
    {
        Assert.That(_saidWithoutGatewayApi, Does.Contain("the cluster does not serve httproutes.gateway.networking.k8s.io"));
        await _cluster.UntilAvailableAsync("early", "r1");
        Assert.That(_cluster.Gateway.HistoryOf("early"), Is.EqualTo(new[] { "r1 100" }));
    }

    [Test]
    public async Task A_canary_goes_through_copies_chosen_callers_and_weights_and_leaves_alone_what_others_have_added()
    {
        await _cluster.CreateAsync(
            "canary", OnGateway("canary.example.com"), "good",
            new RolloutStep { Mirror = 100, Hold = "1s" },
            new RolloutStep { Mirror = 25, Hold = "1s" },
            new RolloutStep { Hold = "2s", Match = [new RouteMatch { Header = "x-beta", Value = "true" }] },
            new RolloutStep { Weight = 10, Hold = "2s", Match = [new RouteMatch { Header = "x-beta", Value = "true" }] },
            new RolloutStep { Weight = 50, Hold = "2s" });
        await _cluster.UntilAvailableAsync("canary", "r1");
        await _cluster.Kubectl.RunAsync(CancellationToken.None, "annotate", "httproute", "canary", "example.com/team=search");
        await AddFilterAsync("canary");
        await _cluster.ServeNextAsync("canary");
        await _cluster.UntilAvailableAsync("canary", "r2");

        var route = _cluster.Gateway.Route("canary")!;
        Assert.Multiple(() =>
        {
            Assert.That(_cluster.Gateway.HistoryOf("canary"), Is.EqualTo(new[]
            {
                "r1 100",
                "r1 100 | copy 100 to r2",
                "r1 100 | copy 25 to r2",
                "x-beta -> r2 | r1 100",
                "x-beta -> r2 | r1 90, r2 10",
                "r1 50, r2 50",
                "r2 100",
            }));
            Assert.That(_cluster.Deployment("canary")!.Status.Url, Is.EqualTo("http://canary.example.com"));
            Assert.That(route.Annotations()!["example.com/team"], Is.EqualTo("search"));
            Assert.That(LiveHttpRoute.Filters(route.Spec!["rules"]![0]!).Select(filter => (string?)filter["type"]), Is.EqualTo(new[] { "RequestHeaderModifier" }));
        });
        var managers = await _cluster.Kubectl.RunAsync(CancellationToken.None, "get", "httproute", "canary", "--show-managed-fields", "-o", "jsonpath={.metadata.managedFields[?(@.operation=='Apply')].manager}");
        Assert.That(managers, Is.EqualTo("modeloperator-traffic"));
        await ApplyingTheSameAgainWritesNothingAsync("canary");
    }

    [Test]
    public async Task A_candidate_that_is_judged_worse_loses_its_share_and_then_its_pods()
    {
        await _cluster.CreateAsync("worse", OnGateway(), "bad", new RolloutStep { Weight = 20, Hold = "1m" });
        await _cluster.UntilAvailableAsync("worse", "r1");
        await _cluster.ServeNextAsync("worse");
        await _cluster.UntilAsync("worse", "is rolled back", deployment => deployment.Status is { Phase: "RolledBack" });
        Assert.That(_cluster.Gateway.HistoryOf("worse"), Is.EqualTo(new[] { "r1 100", "r1 80, r2 20", "r1 100" }));
        Assert.That((await _cluster.Client.GetAsync<V1Deployment>("worse-r2", "default"))!.Spec!.Replicas, Is.Zero);
    }

    [Test]
    public async Task A_status_of_the_version_before_starts_no_step()
    {
        await _cluster.CreateAsync("stuck", OnGateway(), "good", new RolloutStep { Weight = 20, Hold = "1s" });
        await _cluster.UntilAvailableAsync("stuck", "r1");
        _cluster.Gateway.Treat("stuck", GatewayMood.Stuck);
        await _cluster.ServeNextAsync("stuck");
        await _cluster.UntilAsync("stuck", "waits for the Gateway", deployment =>
            deployment.Status.Message?.Contains("has taken in generation 1 of the HTTPRoute, 2 is written") == true
            && Condition(deployment, "WeightAchieved") is { Status: "False", Reason: "GatewayLags" });
        var waiting = _cluster.Deployment("stuck")!.Status;
        Assert.Multiple(() =>
        {
            Assert.That(waiting.StepStartedAt, Is.Null);
            Assert.That(waiting.Step, Is.EqualTo("1/1"));
            Assert.That(_cluster.Gateway.Route("stuck")!.Describe(), Is.EqualTo("r1 80, r2 20"));
        });

        _cluster.Gateway.Treat("stuck", GatewayMood.Silent);
        _cluster.Gateway.Treat("stuck", GatewayMood.Willing);
        await _cluster.UntilAvailableAsync("stuck", "r2");
    }

    [Test]
    public async Task A_route_that_its_gateway_does_not_let_in_is_told_in_the_status()
    {
        _cluster.Gateway.Treat("refused", GatewayMood.Refusing);
        await _cluster.CreateAsync("refused", OnGateway(), "good");
        await _cluster.UntilAsync("refused", "says why", deployment => Condition(deployment, "WeightAchieved") is { Status: "False", Reason: "NotAllowedByListeners" });
        Assert.That(
            Condition(_cluster.Deployment("refused")!, "WeightAchieved")!.Message,
            Does.StartWith("Gateway gateways/public lets no HTTPRoute of this namespace in").And.EndWith("no listener allows routes of namespace default"));
    }

    [Test]
    public async Task A_live_model_moves_to_the_gateway_and_back_and_the_old_route_goes_last()
    {
        await _cluster.CreateAsync("mover", traffic: null, "good");
        await _cluster.UntilAvailableAsync("mover", "r1");
        _cluster.Gateway.Treat("mover", GatewayMood.Silent);
        await _cluster.PatchAsync("mover", """{"traffic": {"provider": "GatewayAPI", "gatewayRef": {"name": "public", "namespace": "gateways"}}}""");
        await _cluster.UntilAsync("mover", "waits for the Gateway", deployment => Condition(deployment, "WeightAchieved") is { Status: "False", Reason: "GatewaySilent" });
        Assert.That(await _cluster.Client.GetAsync<V1Alpha1ModelRoute>("mover", "default"), Is.Not.Null, "the routers serve until the Gateway does");

        _cluster.Gateway.Treat("mover", GatewayMood.Willing);
        await _cluster.UntilAsync("mover", "has left the routers", deployment => deployment.Status is { Phase: "Available" } && Condition(deployment, "WeightAchieved")?.Message.Contains("Gateway") == true);
        await Eventually.IsTrueAsync(async () => await _cluster.Client.GetAsync<V1Alpha1ModelRoute>("mover", "default") is null, "the ModelRoute goes", () => Task.FromResult<string?>(null));

        await _cluster.PatchAsync("mover", """{"traffic": {"provider": "Router", "gatewayRef": null}}""");
        await Eventually.IsTrueAsync(async () => await _cluster.Client.GetAsync<LiveHttpRoute>("mover", "default") is null, "the HTTPRoute goes", () => Task.FromResult<string?>(null));
        Assert.That((await _cluster.Client.GetAsync<V1Alpha1ModelRoute>("mover", "default"))!.Spec.Backends.Single().Weight, Is.EqualTo(100));
        await _cluster.UntilAvailableAsync("mover", "r1");
    }

    [TestCase("""{"provider": "GatewayAPI"}""", "gatewayRef")]
    [TestCase("""{"provider": "GatewayAPI", "gatewayRef": {"name": "public"}, "failover": true}""", "spec.traffic.failover")]
    [TestCase("""{"provider": "GatewayAPI", "gatewayRef": {"name": "public"}, "stickyBy": {"header": "x-user"}}""", "spec.traffic.stickyBy")]
    public async Task What_no_gateway_can_do_is_refused_when_it_is_applied(string traffic, string field)
    {
        var deployment = new V1Alpha1ModelDeployment
        {
            Metadata = new V1ObjectMeta { Name = "wrong", NamespaceProperty = "default" },
            Spec = new ModelDeploymentSpec
            {
                Model = new ModelSource { Uri = "http://models/1/model.onnx" },
                Traffic = Kubernetes.Serialization.KubernetesJson.Deserialize<TrafficSettings>(traffic),
            },
        };
        var refusal = await Assert.ThrowsAsync<KubernetesException>(() => _cluster.Client.CreateAsync(deployment));
        Assert.That(refusal!.IsInvalid, Is.True, refusal.Message);
        Assert.That(refusal.Message, Does.Contain(field));
    }

    private static TrafficSettings OnGateway(string? hostname = null) => new()
    {
        Provider = "GatewayAPI",
        GatewayRef = new GatewayReference { Name = "public", Namespace = "gateways" },
        Hostnames = hostname is null ? null : [hostname],
    };

    private static V1Condition? Condition(V1Alpha1ModelDeployment deployment, string type) => deployment.Status.Conditions?.FirstOrDefault(condition => condition.Type == type);

    private Task<LiveHttpRoute> AddFilterAsync(string name)
    {
        var filter = JsonNode.Parse("""[{"type": "RequestHeaderModifier", "requestHeaderModifier": {"set": [{"name": "x-team", "value": "search"}]}}]""");
        var patch = new JsonArray(new JsonObject { ["op"] = "add", ["path"] = "/spec/rules/0/filters", ["value"] = filter });
        return _cluster.Client.PatchAsync<LiveHttpRoute>(name, "default", PatchType.JsonPatch, patch, fieldManager: "team-search");
    }

    private async Task ApplyingTheSameAgainWritesNothingAsync(string name)
    {
        var before = (await _cluster.Client.GetAsync<LiveHttpRoute>(name, "default"))!.ResourceVersion();
        await _cluster.Kubectl.RunAsync(CancellationToken.None, "annotate", "mdep", name, "example.com/sync=again");
        await _cluster.PatchAsync(name, """{"rollout": {"progressDeadline": "9m"}}""");
        var wanted = (await _cluster.Client.GetAsync<V1Alpha1ModelDeployment>(name, "default"))!.Metadata.Generation;
        await _cluster.UntilAsync(name, "has seen the new spec", deployment => deployment.Status.ObservedGeneration == wanted);
        Assert.That((await _cluster.Client.GetAsync<LiveHttpRoute>(name, "default"))!.ResourceVersion(), Is.EqualTo(before));
    }
}
