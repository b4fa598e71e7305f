using ModelOperator.Controller.Rollouts;
using ModelOperator.Controller.Traffic.GatewayApi;
using ModelOperator.Controller.Traffic.GatewayApi.Resources;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Controller.Tests.Traffic.GatewayApi;

internal sealed class GatewayAcceptanceTests
{
    private const long Written = 4;

    [Test]
    public void A_route_is_served_when_its_gateway_accepts_it_and_finds_its_services_in_the_generation_that_is_written()
    {
        var view = View(Report(Condition("Accepted"), Condition("ResolvedRefs")));
        Assert.Multiple(() =>
        {
            Assert.That((view.IsConfirmed, view.Lag), Is.EqualTo((true, default(RouteLag))));
            Assert.That(view.Serves("digits-r2", 10), Is.True);
        });
    }

    [TestCase("Accepted", Written - 1, "GatewayLags")]
    [TestCase("ResolvedRefs", Written - 1, "GatewayLags")]
    [TestCase("ResolvedRefs", Written + 1, "GatewayLags")]
    [TestCase("Accepted", null, "GatewayVague")]
    public void A_report_about_another_generation_or_about_none_is_not_believed(string type, long? generation, string reason)
    {
        var view = View(Report([.. new[] { "Accepted", "ResolvedRefs" }.Select(other => Condition(other, generation: other == type ? generation : Written))]));
        Assert.Multiple(() =>
        {
            Assert.That((view.IsConfirmed, view.Lag?.Reason), Is.EqualTo((false, reason)));
            Assert.That(view.Serves("digits-r2", 10), Is.False);
            Assert.That(view.IsDrained("digits-r3"), Is.False, "not even what is absent is known to get nothing");
        });
    }

    [TestCase("Accepted", "NotAllowedByListeners", "lets no HTTPRoute of this namespace in")]
    [TestCase("Accepted", "NoMatchingListenerHostname", "no listener for the hostnames")]
    [TestCase("Accepted", "UnsupportedValue", "does not accept the HTTPRoute (UnsupportedValue)")]
    [TestCase("ResolvedRefs", "RefNotPermitted", "a ReferenceGrant is missing")]
    [TestCase("ResolvedRefs", "BackendNotFound", "does not find what the HTTPRoute sends to (BackendNotFound)")]
    public void A_refusal_is_told_in_one_sentence_with_the_controllers_own_words(string type, string reason, string sentence)
    {
        var view = View(Report([.. new[] { "Accepted", "ResolvedRefs" }.Select(other => other == type ? Condition(other, "False", reason, "because of the moon") : Condition(other))]));
        Assert.Multiple(() =>
        {
            Assert.That(view.IsConfirmed, Is.False);
            Assert.That(view.Lag!.Reason, Is.EqualTo(reason));
            Assert.That(view.Lag.Message, Does.StartWith("Gateway gateways/public ").And.Contain(sentence).And.EndWith(": because of the moon"));
        });
    }

    [Test]
    public void A_route_of_which_a_part_was_dropped_is_not_served_as_written() => Assert.That(
        View(Report(Condition("Accepted"), Condition("ResolvedRefs"), Condition("PartiallyInvalid", reason: "UnsupportedValue"))).Lag?.Reason, Is.EqualTo("UnsupportedValue"));

    [Test]
    public void Only_the_controller_of_the_gateways_class_answers_for_it_at_our_listener()
    {
        var others = Report(Condition("Accepted"), Condition("ResolvedRefs"));
        others.ControllerName = "example.com/another";
        Assert.That(View(others).Lag?.Reason, Is.EqualTo("GatewaySilent"));

        var elsewhere = Report(Condition("Accepted"), Condition("ResolvedRefs"));
        elsewhere.ParentRef.SectionName = "https";
        Assert.That(View(elsewhere).Lag?.Reason, Is.EqualTo("GatewaySilent"));

        var refusing = Report(Condition("Accepted", "False", "Pending"));
        Assert.That(View(others, elsewhere, refusing).Lag?.Reason, Is.EqualTo("Pending"));
    }

    [Test]
    public void Every_gateway_of_the_route_has_to_accept_it()
    {
        var route = Route(Report(Condition("Accepted"), Condition("ResolvedRefs")));
        route.Spec.ParentRefs.Add(new ParentReference { Name = "internal" });
        var view = GatewayAcceptance.View(route, _ => Gateways.Controller);
        Assert.That((view.ReadyRouters, view.ConfirmingRouters, view.Lag?.Message), Is.EqualTo(
            (2, 1, "Gateway default/internal has not said yet whether it takes the HTTPRoute; example.com/gateway-controller has to")));
    }

    [Test]
    public void While_two_providers_have_a_route_what_is_believed_has_to_hold_for_both()
    {
        var gateway = View(Report(Condition("Accepted"), Condition("ResolvedRefs")));
        var routers = new RouteView(Gateways.Arms(10), 2, 2);
        Assert.Multiple(() =>
        {
            Assert.That((routers with { Successor = gateway }).Serves("digits-r2", 10), Is.True);
            Assert.That((routers with { Successor = gateway }).Says(Gateways.Arms(10)), Is.True);
            Assert.That((routers with { Successor = GatewayAcceptance.View(null, _ => null) }).IsConfirmed, Is.False);
            Assert.That((new RouteView(Gateways.Arms(0), 2, 2) with { Successor = gateway }).IsDrained("digits-r2"), Is.False, "the Gateway still sends it requests");
            Assert.That((routers with { ConfirmingRouters = 1, Successor = gateway }).IsConfirmed, Is.False);
        });
    }

    private static RouteView View(params RouteParentStatus[] reports) => GatewayAcceptance.View(Route(reports), _ => Gateways.Controller);

    private static V1HttpRoute Route(params RouteParentStatus[] reports)
    {
        var route = HttpRouteBuilder.Build(Gateways.Deployment(), Gateways.Arms(10), live: null);
        route.Metadata.Generation = Written;
        route.Spec.ParentRefs = [.. route.Spec.ParentRefs];
        route.Status.Parents = reports;
        return route;
    }

    private static RouteParentStatus Report(params V1Condition[] conditions) => new()
    {
        ParentRef = new ParentReference { Name = "public", Namespace = "gateways" },
        ControllerName = Gateways.Controller,
        Conditions = conditions,
    };

    private static V1Condition Condition(string type, string status = "True", string reason = "Accepted", string message = "", long? generation = Written) =>
        new() { Type = type, Status = status, Reason = reason, Message = message, ObservedGeneration = generation };
}
