using ModelOperator.Api.Conventions;
using ModelOperator.Api.ModelDeployments;
using ModelOperator.Api.ModelRoutes;
using ModelOperator.Controller.Rollouts;
using ModelOperator.Controller.Traffic.GatewayApi.Resources;
using ModelOperator.Controller.Workloads;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Controller.Traffic.GatewayApi;

/// <summary>
/// Writes shares as an HTTPRoute. A revision that gets nothing is not named: a weight of 0 would leave it the callers of sessions
/// that a Gateway keeps. Defaults are written out, so that what the API server keeps is what was written.
/// </summary>
internal static class HttpRouteBuilder
{
    /// <summary>The route of a ModelDeployment.</summary>
    /// <param name="deployment">Says the Gateway and the hosts, if its provider is GatewayAPI; else those of <paramref name="live"/> stay.</param>
    /// <param name="arms">The shares.</param>
    /// <param name="live">The route as it is, with what others have added to it; null: there is none.</param>
    public static V1HttpRoute Build(V1Alpha1ModelDeployment deployment, IReadOnlyList<RouteArm> arms, V1HttpRoute? live)
    {
        var route = OwnedObject.Of<V1HttpRoute>(deployment, deployment.Name(), OwnedObject.Labels(deployment.Name()));
        var asked = deployment.Spec.Traffic is { GatewayRef: { } gateway, Provider: nameof(TrafficProvider.GatewayAPI) } traffic
            ? (Parents: [Parent(gateway, deployment.Namespace())], traffic.Hostnames)
            : (Parents: live?.Spec.ParentRefs ?? [], live?.Spec.Hostnames);
        var prefix = asked.Hostnames is { Count: > 0 } ? null : PathOf(deployment);
        route.Spec = new HttpRouteSpec
        {
            ParentRefs = asked.Parents,
            Hostnames = asked.Hostnames is { Count: > 0 } hosts ? hosts : null,
            Rules = [.. Rules(arms, prefix).Select(rule => ForeignParts.Keep(rule, live, deployment.Name()))],
        };
        return route;
    }

    /// <summary>Where a model is found on a Gateway that it shares the hosts of.</summary>
    public static string PathOf(V1Alpha1ModelDeployment deployment) => $"/{deployment.Namespace()}/{deployment.Name()}";

    private static ParentReference Parent(GatewayReference gateway, string? routeNamespace) => new()
    {
        Group = GatewayGroup.Name,
        Kind = GatewayGroup.Gateway,
        Namespace = gateway.Namespace ?? routeNamespace,
        Name = gateway.Name,
        SectionName = gateway.SectionName,
    };

    private static IEnumerable<HttpRouteRule> Rules(IReadOnlyList<RouteArm> arms, string? prefix)
    {
        var path = new HttpPathMatch { Value = prefix ?? "/" };
        HttpRouteFilter[] rewrite = prefix is null ? [] : [Rewrite()];

        // A rule with a header match wins over the one without.
        foreach (var arm in arms)
        {
            if (arm.Match.ToList() is { } matches)
            {
                yield return new HttpRouteRule
                {
                    Matches = [.. matches.Select(match => new HttpRouteMatch { Path = path, Headers = [Header(match)] })],
                    Filters = NullIfEmpty(rewrite),
                    BackendRefs = [Backend(arm.Revision, 100)],
                };
            }
        }

        yield return new HttpRouteRule
        {
            Matches = [new HttpRouteMatch { Path = path }],
            Filters = NullIfEmpty([.. rewrite, .. arms.Where(arm => arm.Mirror > 0).Select(Mirror)]),
            BackendRefs = NullIfEmpty([.. arms.Where(arm => arm.Weight > 0).Select(arm => Backend(arm.Revision, arm.Weight))]),
        };
    }

    private static HttpHeaderMatch Header(RouteMatch match) => new() { Name = match.Header ?? "", Value = match.Value, Type = match.Type ?? "Exact" };

    private static HttpBackendRef Backend(string revision, int weight) => new() { Name = revision, Port = Ports.ModelRest, Weight = weight };

    private static HttpRouteFilter Mirror(RouteArm arm) => new()
    {
        Type = HttpRouteFilter.Mirror,
        RequestMirror = new HttpRequestMirror
        {
            BackendRef = new BackendReference { Name = arm.Revision, Port = Ports.ModelRest },
            Percent = arm.Mirror == 100 ? null : arm.Mirror,
        },
    };

    private static HttpRouteFilter Rewrite() => new()
    {
        Type = HttpRouteFilter.Rewrite,
        UrlRewrite = new HttpUrlRewrite { Path = new HttpPathModifier { Type = HttpPathModifier.Prefix, ReplacePrefixMatch = "/" } },
    };

    private static T[]? NullIfEmpty<T>(T[] list) => list.Length == 0 ? null : list;
}
