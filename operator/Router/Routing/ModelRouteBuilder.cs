using System.Collections.Immutable;
using ModelOperator.Api.Conventions;
using ModelOperator.Api.ModelRoutes;
using ModelOperator.Kubernetes.Models;
using ModelOperator.Router.Balancing;
using ModelOperator.Router.Failover;
using ModelOperator.Router.Matching;
using ModelOperator.Router.Mirroring;
using ModelOperator.Router.Splitting;
using ModelOperator.Router.Telemetry;

namespace ModelOperator.Router.Routing;

/// <summary>
/// Makes a route of a ModelRoute and the EndpointSlices of its services. A pure function but for the chance where a
/// new route's cursor starts.
/// </summary>
internal static class ModelRouteBuilder
{
    /// <summary>Builds a route.</summary>
    /// <param name="resource">What the operator wrote.</param>
    /// <param name="slicesOf">The EndpointSlices of a service in the route's namespace.</param>
    /// <param name="previous">The version before: its cursor and its endpoints' counts live on.</param>
    public static ModelRoute Build(V1Alpha1ModelRoute resource, Func<string, IReadOnlyList<V1EndpointSlice>> slicesOf, ModelRoute? previous)
    {
        var namespaceName = resource.Metadata.NamespaceProperty ?? "";
        var name = resource.Metadata.Name ?? "";
        var failover = resource.Spec.Failover ?? true;
        var known = KnownEndpoints(previous);
        var backends = resource.Spec.Backends
            .Select(backend => Build(backend, resource, slicesOf(backend.Service), previous, known))
            .ToImmutableArray();
        var stable = backends.FirstOrDefault(backend => backend.Role == BackendRole.Stable && backend.IsReady);
        var cursor = previous?.Cursor ?? new SplitCursor((ulong)Random.Shared.NextInt64());
        return new ModelRoute
        {
            Namespace = namespaceName,
            Name = name,
            Key = KeyOf(namespaceName, name),
            Generation = GenerationOf(resource),
            Failover = failover,
            Backends = backends,
            Cursor = cursor,
            Split = Split(backends, failover ? stable : null, cursor),
            ReadyStable = stable,
            Sticky = CallerKey.Create(resource.Spec.StickyBy, KeyOf(namespaceName, name)),
            Matching = [.. backends.Where(backend => backend is { IsReady: true, Matches.IsEmpty: false })],
            Mirror = backends.FirstOrDefault(backend => backend is { IsReady: true, MirrorSchedule: not null }),
        };
    }

    /// <summary>What a route is looked up by.</summary>
    public static string KeyOf(string namespaceName, string name) => $"{namespaceName}/{name}";

    // What is not ready leaves its share to the others, in proportion. Where nothing with a weight is ready, stable
    // answers whatever its weight is: that is the failover of every single request, without the attempt.
    private static TrafficSplit? Split(ImmutableArray<Backend> backends, Backend? substitute, SplitCursor cursor)
    {
        var arms = backends.Where(backend => backend is { Weight: > 0, IsReady: true })
            .Select(backend => (backend, backend.Weight))
            .ToImmutableArray();
        if (!arms.IsEmpty)
        {
            return new TrafficSplit(arms, cursor);
        }
        return substitute is not null && backends.Any(backend => backend.Weight > 0)
            ? new TrafficSplit([(substitute, 1)], cursor)
            : null;
    }

    private static Backend Build(
        RouteBackend backend, V1Alpha1ModelRoute resource, IReadOnlyList<V1EndpointSlice> slices, ModelRoute? previous, Dictionary<string, PodEndpoint> known)
    {
        var role = backend.Role == nameof(BackendRole.Candidate) ? BackendRole.Candidate : BackendRole.Stable;
        var before = previous?.Backends.FirstOrDefault(one => one.Revision == backend.Revision);
        return new Backend
        {
            Revision = backend.Revision,
            Role = role,
            Weight = Math.Clamp(backend.Weight, 0, 100),
            Version = backend.Version,
            Digest = backend.Digest,
            Endpoints = PodEndpoints.Of(slices, backend.Port ?? Ports.HttpName, known),
            Labels = new ArmLabels(resource.Metadata.NamespaceProperty ?? "", resource.Metadata.Name ?? "", backend.Revision, role),
            Matches = [.. (backend.Match ?? []).Select(CallerMatch.Create).OfType<CallerMatch>()],
            Circuit = role == BackendRole.Candidate && (resource.Spec.Failover ?? true)
                ? (previous?.Generation == GenerationOf(resource) ? before?.Circuit : null) ?? new Circuit()
                : null,
            MirrorSchedule = backend.Mirror is > 0 and <= 100 and var percent ? MirrorLane.ScheduleOf(percent) : null,
            MirrorLane = before?.MirrorLane ?? new MirrorLane(),
        };
    }

    private static long GenerationOf(V1Alpha1ModelRoute resource) => resource.Metadata.Generation ?? 0;

    private static Dictionary<string, PodEndpoint> KnownEndpoints(ModelRoute? previous)
    {
        var known = new Dictionary<string, PodEndpoint>(StringComparer.Ordinal);
        foreach (var endpoint in previous?.Backends.SelectMany(backend => backend.Endpoints) ?? [])
        {
            known[endpoint.Address] = endpoint;
        }
        return known;
    }
}
