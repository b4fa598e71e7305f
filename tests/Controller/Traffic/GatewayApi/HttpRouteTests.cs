using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck.Fluent;
using ModelOperator.Api.ModelRoutes;
using ModelOperator.Controller.ModelDeployments;
using ModelOperator.Controller.Rollouts;
using ModelOperator.Controller.Tests.Analysis;
using ModelOperator.Controller.Traffic.GatewayApi;
using ModelOperator.Controller.Traffic.GatewayApi.Resources;
using ModelOperator.Kubernetes.Serialization;

namespace ModelOperator.Controller.Tests.Traffic.GatewayApi;

internal sealed class HttpRouteTests
{
    private static readonly RouteMatch Beta = new() { Header = "x-beta", Value = "true" };

    [Test]
    public void Shares_become_weights_of_the_revisions_services_at_the_gateway_that_the_spec_names()
    {
        var route = HttpRouteBuilder.Build(Gateways.Deployment(), Gateways.Arms(10), live: null);
        const string written = """
            {
              "parentRefs": [{"group": "gateway.networking.k8s.io", "kind": "Gateway", "namespace": "gateways", "name": "public"}],
              "hostnames": ["digits.example.com"],
              "rules": [{
                "matches": [{"path": {"type": "PathPrefix", "value": "/"}}],
                "backendRefs": [
                  {"group": "", "kind": "Service", "name": "digits-r1", "port": 8000, "weight": 90},
                  {"group": "", "kind": "Service", "name": "digits-r2", "port": 8000, "weight": 10}
                ]
              }]
            }
            """;
        Assert.That(JsonNode.DeepEquals(JsonSerializer.SerializeToNode(route.Spec, KubernetesJson.Options), JsonNode.Parse(written)), Is.True, KubernetesJson.Serialize(route.Spec));
        Assert.That(route.Metadata.OwnerReferences!.Single(), Has.Property("Kind").EqualTo("ModelDeployment").And.Property("Controller").True);
    }

    [Test]
    public void A_revision_that_gets_nothing_is_not_named_so_that_no_kept_session_reaches_it()
    {
        var route = HttpRouteBuilder.Build(Gateways.Deployment(), Gateways.Arms(0), live: null);
        Assert.That(route.Spec.Rules.Single().BackendRefs!.Select(backend => backend.Name), Is.EqualTo(new[] { "digits-r1" }));
    }

    [Test]
    public void Chosen_callers_have_a_rule_of_their_own_that_leads_to_the_candidate_alone()
    {
        var expression = new RouteMatch { Header = "x-user", Value = "staff-.*", Type = "RegularExpression" };
        var route = HttpRouteBuilder.Build(Gateways.Deployment(), Gateways.Arms(0, 0, Beta, expression), live: null);
        var rule = route.Spec.Rules[0];
        Assert.Multiple(() =>
        {
            Assert.That(route.Spec.Rules, Has.Count.EqualTo(2));
            Assert.That(
                rule.Matches.Select(match => match.Headers!.Single()).Select(header => (header.Name, header.Value, header.Type)),
                Is.EqualTo(new[] { ("x-beta", "true", "Exact"), ("x-user", "staff-.*", "RegularExpression") }));
            Assert.That(rule.BackendRefs!.Select(backend => backend.Name), Is.EqualTo(new[] { "digits-r2" }));
            Assert.That(route.Spec.Rules[1].BackendRefs!.Select(backend => (backend.Name, backend.Weight)), Is.EqualTo(new[] { ("digits-r1", 100) }));
        });
    }

    [TestCase(100, null)]
    [TestCase(30, 30)]
    public void A_copy_is_a_mirror_filter_with_its_percent_unless_it_is_all(int mirror, int? percent)
    {
        var filter = HttpRouteBuilder.Build(Gateways.Deployment(), Gateways.Arms(0, mirror), live: null).Spec.Rules.Single().Filters!.Single();
        Assert.That((filter.Type, filter.RequestMirror!.BackendRef.Name, filter.RequestMirror.Percent), Is.EqualTo(("RequestMirror", "digits-r2", percent)));
    }

    [Test]
    public void Without_hosts_of_its_own_a_model_is_found_at_its_path_which_is_cut_off()
    {
        var route = HttpRouteBuilder.Build(Gateways.Deployment(spec => spec.Traffic!.Hostnames = null), Gateways.Arms(0, 0, Beta), live: null);
        Assert.Multiple(() =>
        {
            Assert.That(route.Spec.Hostnames, Is.Null);
            Assert.That(route.Spec.Rules.SelectMany(rule => rule.Matches).Select(match => match.Path!.Value), Is.All.EqualTo("/default/digits"));
            Assert.That(route.Spec.Rules.Select(rule => rule.Filters!.Single().UrlRewrite!.Path!.ReplacePrefixMatch), Is.All.EqualTo("/"));
        });
    }

    [Test]
    public void What_is_written_is_read_back_whatever_the_shares()
    {
        var arms =
            from weight in Gen.Choose(0, 100)
            from mirror in Gen.Choose(0, 100)
            from matches in Gen.Elements(new[] { Beta, new RouteMatch { Header = "x-team", Value = "a.*", Type = "RegularExpression" } }).ListOf()
            select Gateways.Arms(weight, mirror, [.. matches.Take(16)]);
        Properties.ForAll(arms, planned =>
        {
            var route = HttpRouteBuilder.Build(Gateways.Deployment(), planned, live: null);
            var view = Confirmed(route);
            return view.Says(planned) && planned.All(arm => view.IsDrained(arm.Revision) != arm.GetsRequests && view.WeightOf(arm.Revision) == arm.Weight);
        });
    }

    [Test]
    public void Shares_that_somebody_else_has_written_are_not_taken_for_ours()
    {
        var route = HttpRouteBuilder.Build(Gateways.Deployment(), Gateways.Arms(10), live: null);
        route.Spec.Rules[0].BackendRefs![1].Weight = 90;
        Assert.That(Confirmed(route).Says(Gateways.Arms(10)), Is.False);
    }

    [Test]
    public void What_others_have_added_to_a_rule_stays_when_the_shares_change()
    {
        var live = HttpRouteBuilder.Build(Gateways.Deployment(), Gateways.Arms(0, 100), live: null);
        var rule = live.Spec.Rules.Single();
        var header = KubernetesJson.Deserialize<HttpRouteFilter>("""{"type":"RequestHeaderModifier","requestHeaderModifier":{"set":[{"name":"x-a","value":"b"}]}}""");
        var audit = KubernetesJson.Deserialize<HttpRouteFilter>("""{"type":"RequestMirror","requestMirror":{"backendRef":{"name":"audit","port":80},"fraction":{"numerator":1}}}""");
        rule.Filters = [header, .. rule.Filters!, audit];
        rule.Other = new Dictionary<string, JsonElement> { ["timeouts"] = JsonSerializer.SerializeToElement(new { request = "9s" }) };
        rule.BackendRefs![0].Other = new Dictionary<string, JsonElement> { ["filters"] = JsonSerializer.SerializeToElement(Array.Empty<string>()) };

        Assert.That(Drift.Same(HttpRouteBuilder.Build(Gateways.Deployment(), Gateways.Arms(0, 100), live).Spec, live.Spec), Is.True, "nothing is to be written");

        var next = HttpRouteBuilder.Build(Gateways.Deployment(), Gateways.Arms(10), live).Spec.Rules.Single();
        Assert.Multiple(() =>
        {
            Assert.That(KubernetesJson.Serialize(next.Filters), Is.EqualTo(KubernetesJson.Serialize(new[] { header, audit })), "the copy ends, theirs stay");
            Assert.That(KubernetesJson.Serialize(next), Does.Contain("\"timeouts\":{\"request\":\"9s\"}"));
            Assert.That(next.BackendRefs!.Select(backend => (backend.Name, backend.Weight, backend.Other is null)), Is.EqualTo(new[] { ("digits-r1", 90, false), ("digits-r2", 10, true) }));
        });
    }

    [Test]
    public void A_path_that_was_cut_off_no_longer_is_once_there_are_hosts()
    {
        var live = HttpRouteBuilder.Build(Gateways.Deployment(spec => spec.Traffic!.Hostnames = null), Gateways.Arms(0), live: null);
        Assert.That(HttpRouteBuilder.Build(Gateways.Deployment(), Gateways.Arms(0), live).Spec.Rules.Single().Filters, Is.Null);
    }

    [Test]
    public void A_route_that_another_provider_is_about_to_replace_keeps_its_gateway_and_hosts()
    {
        var live = HttpRouteBuilder.Build(Gateways.Deployment(), Gateways.Arms(0), live: null);
        var route = HttpRouteBuilder.Build(Gateways.Deployment(spec => spec.Traffic = null), Gateways.Arms(10), live);
        Assert.That((route.Spec.ParentRefs, route.Spec.Hostnames), Is.EqualTo((live.Spec.ParentRefs, live.Spec.Hostnames)));
    }

    private static RouteView Confirmed(V1HttpRoute route) => new(HttpRouteReader.Arms(route), 1, 1) { NamesIdleArms = false };
}
