using ModelOperator.Controller.ModelDeployments;
using ModelOperator.Controller.Traffic.GatewayApi.Resources;

namespace ModelOperator.Controller.Traffic.GatewayApi;

/// <summary>
/// Tells what others have added to the operator's rules from what is its own. The rules of an HTTPRoute have one owner as a whole,
/// so who writes a weight writes all of it, and has to write what others want along with it.
/// </summary>
internal static class ForeignParts
{
    /// <summary>A rule with what others have added to the live rule that it replaces: filters, timeouts and the like.</summary>
    public static HttpRouteRule Keep(HttpRouteRule rule, V1HttpRoute? live, string deployment)
    {
        if (live?.Spec.Rules.FirstOrDefault(other => IsForChosenCallers(other) == IsForChosenCallers(rule)) is not { } before)
        {
            return rule;
        }

        var filters = Filters(rule.Filters ?? [], before.Filters ?? [], deployment);
        return new HttpRouteRule
        {
            Matches = rule.Matches,
            Filters = filters.Count == 0 ? null : filters,
            BackendRefs = rule.BackendRefs is null ? null : [.. rule.BackendRefs.Select(backend => Keep(backend, before))],
            Other = before.Other,
        };
    }

    /// <summary>Whether a rule is for callers that always get the candidate.</summary>
    public static bool IsForChosenCallers(HttpRouteRule rule) => rule.Matches.Any(match => match.Headers is { Count: > 0 });

    /// <summary>Whether a filter copies requests to a revision.</summary>
    public static bool IsMirror(HttpRouteFilter filter, string deployment) =>
        filter.RequestMirror is { } mirror && IsRevision(mirror.BackendRef.Name, deployment);

    // Others' filters stay where they are among themselves and among ours: their order may matter to who added them.
    private static List<HttpRouteFilter> Filters(IList<HttpRouteFilter> ours, IList<HttpRouteFilter> before, string deployment)
    {
        var missing = ours.ToList();
        var kept = new List<HttpRouteFilter>();
        foreach (var filter in before)
        {
            var same = missing.Find(own => Drift.Same(own, filter));
            if (same is not null)
            {
                missing.Remove(same);
                kept.Add(same);
            }
            else if (!IsOwn(filter, deployment) && (filter.UrlRewrite is null || ours.All(own => own.UrlRewrite is null)))
            {
                kept.Add(filter);
            }
        }

        return [.. missing, .. kept];
    }

    private static HttpBackendRef Keep(HttpBackendRef backend, HttpRouteRule before)
    {
        var other = before.BackendRefs?.FirstOrDefault(known => known.Name == backend.Name)?.Other;
        return new HttpBackendRef { Name = backend.Name, Port = backend.Port, Weight = backend.Weight, Other = other };
    }

    private static bool IsOwn(HttpRouteFilter filter, string deployment) =>
        IsMirror(filter, deployment)
        || filter.UrlRewrite is { Other: null, Path: { Type: HttpPathModifier.Prefix, ReplacePrefixMatch: "/", Other: null } };

    private static bool IsRevision(string service, string deployment) =>
        service.StartsWith(deployment + "-r", StringComparison.Ordinal)
        && service.Length > deployment.Length + 2
        && service.AsSpan(deployment.Length + 2).IndexOfAnyExceptInRange('0', '9') < 0;
}
