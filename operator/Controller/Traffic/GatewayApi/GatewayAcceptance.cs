using ModelOperator.Controller.Rollouts;
using ModelOperator.Controller.Traffic.GatewayApi.Resources;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Controller.Traffic.GatewayApi;

/// <summary>
/// Reads from an HTTPRoute's status whether its Gateways serve it as it is written. Nothing is believed that was not said of the
/// generation that carries the weights.
/// </summary>
internal static class GatewayAcceptance
{
    private const string Accepted = "Accepted";
    private const string ResolvedRefs = "ResolvedRefs";
    private const string PartiallyInvalid = "PartiallyInvalid";

    /// <summary>What is written and whether it is served.</summary>
    /// <param name="route">The route; null: there is none yet.</param>
    /// <param name="controllerOf">The controller that answers for a Gateway; null when it is not known, and then any may.</param>
    public static RouteView View(V1HttpRoute? route, Func<ParentReference, string?> controllerOf)
    {
        if (route is null)
        {
            return RouteView.Absent with { NamesIdleArms = false, Lag = new RouteLag("RouteMissing", "the HTTPRoute is about to be written") };
        }

        var lags = route.Spec.ParentRefs.Select(parent => Lag(route, parent, controllerOf(parent))).ToList();
        return new RouteView(HttpRouteReader.Arms(route), lags.Count, lags.Count(lag => lag is null))
        {
            NamesIdleArms = false,
            Lag = lags.Find(lag => lag is not null),
        };
    }

    private static RouteLag? Lag(V1HttpRoute route, ParentReference parent, string? controller)
    {
        var gateway = $"Gateway {parent.Namespace ?? route.Namespace()}/{parent.Name}";
        var reports = route.Status.Parents?
            .Where(report => report.ParentRef.IsSame(parent, route.Namespace()) && (controller is null || report.ControllerName == controller))
            .ToList() ?? [];
        return reports.Count == 0
            ? new RouteLag("GatewaySilent", $"{gateway} has not said yet whether it takes the HTTPRoute{(controller is null ? "" : $"; {controller} has to")}")
            : reports.Select(report => Lag(route, report, gateway)).FirstOrDefault(lag => lag is not null);
    }

    private static RouteLag? Lag(V1HttpRoute route, RouteParentStatus report, string gateway) =>
        Missing(route, report, Accepted, gateway) ?? Missing(route, report, ResolvedRefs, gateway) ?? Dropped(route, report, gateway);

    private static RouteLag? Missing(V1HttpRoute route, RouteParentStatus report, string type, string gateway)
    {
        var written = route.Metadata.Generation ?? 0;
        return report.Conditions?.FirstOrDefault(condition => condition.Type == type) switch
        {
            null => new RouteLag("GatewaySilent", $"{gateway} has not said yet whether the HTTPRoute is {type}"),
            { ObservedGeneration: null } => new RouteLag("GatewayVague", $"{gateway} does not say which generation of the HTTPRoute its {type} is about; {written} is written"),
            { ObservedGeneration: var seen } when seen != written =>
                new RouteLag("GatewayLags", $"{gateway} has taken in generation {seen} of the HTTPRoute, {written} is written"),
            { Status: "True" } => null,
            var condition => new RouteLag(Word(condition.Reason, type), $"{Refusal(type, condition.Reason, gateway)}: {Sentence(condition)}"),
        };
    }

    // With it a Gateway serves a route without some of its rules, or as it was before.
    private static RouteLag? Dropped(V1HttpRoute route, RouteParentStatus report, string gateway) =>
        report.Conditions?.FirstOrDefault(condition => condition is { Type: PartiallyInvalid, Status: "True" } && condition.ObservedGeneration == route.Metadata.Generation)
            is { } condition
            ? new RouteLag(Word(condition.Reason, PartiallyInvalid), $"{gateway} serves only a part of the HTTPRoute as written: {Sentence(condition)}")
            : null;

    private static string Refusal(string type, string reason, string gateway) => reason switch
    {
        "NotAllowedByListeners" => $"{gateway} lets no HTTPRoute of this namespace in (NotAllowedByListeners; see allowedRoutes of its listeners)",
        "NoMatchingListenerHostname" => $"{gateway} has no listener for the hostnames of the HTTPRoute (NoMatchingListenerHostname)",
        "RefNotPermitted" => $"{gateway} may not send to the Services of the revisions (RefNotPermitted; a ReferenceGrant is missing)",
        _ when type == Accepted => $"{gateway} does not accept the HTTPRoute ({Word(reason, "no reason given")})",
        _ => $"{gateway} does not find what the HTTPRoute sends to ({Word(reason, "no reason given")})",
    };

    private static string Word(string reason, string otherwise) => reason.Length == 0 ? otherwise : reason;

    private static string Sentence(V1Condition condition) => condition.Message.Length == 0 ? "it does not say why" : condition.Message.Trim();
}
