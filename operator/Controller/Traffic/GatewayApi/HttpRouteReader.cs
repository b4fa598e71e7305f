using ModelOperator.Api.ModelRoutes;
using ModelOperator.Controller.Rollouts;
using ModelOperator.Controller.Traffic.GatewayApi.Resources;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Controller.Traffic.GatewayApi;

/// <summary>Reads shares back from an HTTPRoute. Revisions that get nothing are not in it, and it knows no roles: all count as candidates.</summary>
internal static class HttpRouteReader
{
    /// <summary>The revisions that get any request, each with what it gets.</summary>
    public static IReadOnlyList<RouteArm> Arms(V1HttpRoute? route)
    {
        if (route is null)
        {
            return [];
        }

        var arms = new SortedDictionary<string, RouteArm>(StringComparer.Ordinal);
        RouteArm Arm(string revision) => arms.GetValueOrDefault(revision) ?? new RouteArm(revision, ArmRole.Candidate, 0);
        foreach (var rule in route.Spec.Rules)
        {
            if (ForeignParts.IsForChosenCallers(rule))
            {
                var match = CallerMatches.From([.. rule.Matches.SelectMany(match => match.Headers ?? []).Select(Match)]);
                foreach (var backend in Weighted(rule))
                {
                    arms[backend.Name] = Arm(backend.Name) with { Match = match };
                }

                continue;
            }

            foreach (var backend in Weighted(rule))
            {
                arms[backend.Name] = Arm(backend.Name) with { Weight = backend.Weight ?? 1 };
            }

            foreach (var filter in rule.Filters?.Where(filter => ForeignParts.IsMirror(filter, route.Name())) ?? [])
            {
                var revision = filter.RequestMirror!.BackendRef.Name;
                arms[revision] = Arm(revision) with { Mirror = filter.RequestMirror.Percent ?? 100 };
            }
        }

        return [.. arms.Values];
    }

    private static IEnumerable<HttpBackendRef> Weighted(HttpRouteRule rule) => rule.BackendRefs?.Where(backend => backend.Weight != 0) ?? [];

    private static RouteMatch Match(HttpHeaderMatch header) => new() { Header = header.Name, Value = header.Value, Type = header.Type };
}
