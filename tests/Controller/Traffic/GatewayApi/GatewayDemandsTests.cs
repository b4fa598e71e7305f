using System.Net;
using ModelOperator.Api.ModelDeployments;
using ModelOperator.Api.ModelRoutes;
using ModelOperator.Api.RollbackPolicies;
using ModelOperator.Controller.Rollouts;
using ModelOperator.Controller.Tests.ModelDeployments.Fakes;
using ModelOperator.Controller.Traffic.GatewayApi;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Controller.Tests.Traffic.GatewayApi;

internal sealed class GatewayDemandsTests
{
    private static readonly RolloutStep Copy = new() { Mirror = 100, Hold = "1m" };

    [Test]
    public void What_no_gateway_can_do_is_refused_with_the_path_of_the_field() => Assert.Multiple(() =>
    {
        Assert.That(Limit(spec => spec.Traffic!.GatewayRef = null), Is.EqualTo("spec.traffic.gatewayRef"));
        Assert.That(Limit(spec => spec.Traffic!.StickyBy = new StickyBy { Header = "x-user" }), Is.EqualTo("spec.traffic.stickyBy"));
        Assert.That(Limit(spec => spec.Traffic!.Failover = true), Is.EqualTo("spec.traffic.failover"));
        Assert.That(Limit(spec => spec.Traffic!.Hostnames = ["fine.example.com", "Not Fine"]), Is.EqualTo("spec.traffic.hostnames[1]"));
        Assert.That(Limit(WithSteps(new RolloutStep { Weight = 5, Hold = "1m" }, new RolloutStep { Weight = 5, Mirror = 50, Hold = "1m" })), Is.EqualTo("spec.rollout.steps[1].mirror"));
        Assert.That(
            Limit(WithSteps(new RolloutStep { Hold = "1m", Match = [new RouteMatch { Header = "a", Value = "b" }, new RouteMatch { Cookie = "a", Value = "b" }] })),
            Is.EqualTo("spec.rollout.steps[0].match[1].cookie"));
        Assert.That(Limit(WithSteps(Copy, new RolloutStep { Weight = 5, Hold = "1m" })), Is.Null);
        Assert.That(Limit(spec => (spec.Traffic!.Provider, spec.Traffic.Failover) = ("Router", true)), Is.Null);
    });

    [Test]
    public void What_the_gateway_class_does_not_support_is_refused_before_any_traffic_moves() => Assert.Multiple(() =>
    {
        Assert.That(Lack(WithSteps(Copy), "HTTPRouteRequestPercentageMirror"), Is.EqualTo(
            "spec.rollout.steps[0].mirror: GatewayClass example does not support HTTPRouteRequestMirror: leave the mirror out, or use provider Router"));
        Assert.That(Lack(WithSteps(new RolloutStep { Mirror = 20, Hold = "1m" }), "HTTPRouteRequestMirror"), Does.Contain("steps[0].mirror: GatewayClass example does not support HTTPRouteRequestPercentageMirror"));
        Assert.That(Lack(WithSteps(Copy), "HTTPRouteRequestMirror"), Is.Null);
        Assert.That(Lack(WithSteps(Copy)), Does.Contain("does not tell its features, HTTPRouteRequestMirror among them"));
        Assert.That(Lack(spec => spec.Traffic!.Hostnames = null, "HTTPRouteRequestMirror"), Does.StartWith("spec.traffic.hostnames: GatewayClass example does not support HTTPRoutePathRewrite"));
        Assert.That(Lack(spec => spec.Traffic!.Hostnames = null, "HTTPRoutePathRewrite"), Is.Null);
    });

    [Test]
    public void The_steps_under_way_count_as_well()
    {
        var rollout = Rollout.None with { State = RolloutState.Stepping, Steps = [new TrafficStep(5, "1m"), new TrafficStep(5, "1m") { Mirror = 10 }] };
        Assert.That(GatewaySupport.Problem(Gateways.Deployment(), rollout, Gateways.Caches(Cluster()))?.Field, Is.EqualTo("status.rollout.steps[1].mirror"));
    }

    [Test]
    public void What_is_missing_is_told_in_one_sentence() => Assert.Multiple(() =>
    {
        var cluster = Cluster();
        cluster.Remove(Gateways.Class());
        Assert.That(Missing(cluster), Is.EqualTo("GatewayClassNotFound spec.traffic.gatewayRef: Gateway gateways/public is of GatewayClass example, which does not exist"));
        cluster.Remove(Gateways.Gateway());
        Assert.That(Missing(cluster), Is.EqualTo("GatewayNotFound spec.traffic.gatewayRef: there is no Gateway gateways/public"));
        Assert.That(Missing(cluster, Refusal(404, "the server could not find the requested resource")), Is.EqualTo(
            "GatewayApiMissing spec.traffic.provider: the cluster does not serve httproutes.gateway.networking.k8s.io v1: install the Gateway API, or use provider Router"));
        Assert.That(Missing(cluster, Refusal(403, "no list for you")), Is.EqualTo(
            "GatewayApiForbidden spec.traffic.provider: the operator may not follow httproutes.gateway.networking.k8s.io, "
            + "give its ServiceAccount get, list and watch: no list for you"));
        Assert.That(Missing(Cluster(), edit: spec => spec.Traffic!.GatewayRef!.SectionName = "tls"), Is.EqualTo(
            "GatewayNotFound spec.traffic.gatewayRef.sectionName: Gateway gateways/public has no listener tls; it has http, https"));
    });

    [TestCase("digits.example.com", null, "http://digits.example.com")]
    [TestCase("*.example.com", "https", "https://192.0.2.7:8443")]
    [TestCase(null, null, "http://192.0.2.7/default/digits")]
    [TestCase(null, "https", "https://192.0.2.7:8443/default/digits")]
    public void Clients_find_a_model_at_its_host_or_at_the_gateways_address(string? host, string? section, string url)
    {
        var deployment = Gateways.Deployment(spec => (spec.Traffic!.Hostnames, spec.Traffic.GatewayRef!.SectionName) = (host is null ? null : [host], section));
        Assert.That(GatewayUrl.Of(deployment, Gateways.Gateway()), Is.EqualTo(url));
    }

    [Test]
    public void Where_a_gateway_has_no_address_yet_no_url_is_made_up()
    {
        var gateway = Gateways.Gateway();
        gateway.Status.Addresses = null;
        Assert.That(GatewayUrl.Of(Gateways.Deployment(spec => spec.Traffic!.Hostnames = null), gateway), Is.Null);
    }

    [Test]
    public void Metrics_that_only_routers_have_are_refused_and_those_that_model_servers_have_are_not() => Assert.Multiple(() =>
    {
        Assert.That(Unfit(new PolicyMetric { Builtin = "disagreement", Max = 0.1 }), Does.StartWith("spec.metrics[0].builtin: only routers compare answers"));
        Assert.That(Unfit(new PolicyMetric { Compare = new MetricComparison { Builtin = "disagreements" } }), Does.StartWith("spec.metrics[0].compare.builtin: "));
        Assert.That(Unfit(new PolicyMetric { Query = "rate(modelrouter_requests_total[1m])" }), Does.StartWith("spec.metrics[0].query: it asks for modelrouter_*"));
        Assert.That(Unfit(new PolicyMetric { Compare = new MetricComparison { Bad = "a", Total = "modelrouter_x" } }), Does.StartWith("spec.metrics[0].compare.total: "));
        Assert.That(Unfit(new PolicyMetric { Builtin = "errorRate", Max = 0.1 }), Is.Null);
        Assert.That(Unfit(new PolicyMetric { Builtin = "latencyP99", Max = 0.1 }), Is.Null);
        Assert.That(Unfit(new PolicyMetric { Compare = new MetricComparison { Builtin = "errors" } }), Is.Null);
        Assert.That(Unfit(new PolicyMetric { Query = "modelserver_inference_total" }), Is.Null);
    });

    private static string? Unfit(PolicyMetric metric) => GatewayPolicies.Problem(Gateways.Deployment().Spec, new RollbackPolicySpec { Metrics = [metric] })?.ToString();

    private static Action<ModelDeploymentSpec> WithSteps(params RolloutStep[] steps) => spec => spec.Rollout = new RolloutSettings { Steps = steps };

    private static string? Limit(Action<ModelDeploymentSpec> edit) => GatewayLimits.Problem(Gateways.Deployment(edit).Spec)?.Field;

    private static string? Lack(Action<ModelDeploymentSpec> edit, params string[] features) =>
        GatewaySupport.Problem(Gateways.Deployment(edit), Rollout.None, Gateways.Caches(Cluster(features)))?.ToString();

    private static string Missing(FakeCluster cluster, KubernetesException? refusal = null, Action<ModelDeploymentSpec>? edit = null)
    {
        var problem = GatewaySupport.Problem(Gateways.Deployment(edit), Rollout.None, Gateways.Caches(cluster, refusal));
        return $"{problem?.Reason} {problem}";
    }

    private static KubernetesException Refusal(int code, string message) => new((HttpStatusCode)code, new V1Status { Message = message });

    private static FakeCluster Cluster(params string[] features)
    {
        var cluster = new FakeCluster();
        cluster.Set(Gateways.Gateway());
        cluster.Set(Gateways.Class(features));
        return cluster;
    }
}
