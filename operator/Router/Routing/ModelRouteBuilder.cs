using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using ModelOperator.Api.Conventions;
using ModelOperator.Api.ModelRoutes;
using ModelOperator.Kubernetes.Models;
using ModelOperator.Router.Balancing;
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
            .Select(backend => Build(backend, namespaceName, name, slicesOf(backend.Service), known))
            .ToImmutableArray();
        var stable = backends.FirstOrDefault(backend => backend.Role == BackendRole.Stable && backend.IsReady);
        var cursor = previous?.Cursor ?? new SplitCursor((ulong)Random.Shared.NextInt64());
        return new ModelRoute
        {
            Namespace = namespaceName,
            Name = name,
            Key = KeyOf(namespaceName, name),
            Generation = resource.Metadata.Generation ?? 0,
            Failover = failover,
            Backends = backends,
            Cursor = cursor,
            Split = Split(backends, failover ? stable : null, cursor),
            ReadyStable = stable,
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
        RouteBackend backend, string namespaceName, string name, IReadOnlyList<V1EndpointSlice> slices, Dictionary<string, PodEndpoint> known)
    {
        var role = backend.Role == nameof(BackendRole.Candidate) ? BackendRole.Candidate : BackendRole.Stable;
        return new Backend
        {
            Revision = backend.Revision,
            Role = role,
            Weight = Math.Clamp(backend.Weight, 0, 100),
            Version = backend.Version,
            Digest = backend.Digest,
            Endpoints = ReadyEndpoints(slices, backend.Port ?? Ports.HttpName, known),
            Labels = new ArmLabels(namespaceName, name, backend.Revision, role),
        };
    }

    private static ImmutableArray<PodEndpoint> ReadyEndpoints(
        IReadOnlyList<V1EndpointSlice> slices, string portName, Dictionary<string, PodEndpoint> known)
    {
        var addresses = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var slice in slices)
        {
            if (slice.Ports?.FirstOrDefault(port => port.Name == portName)?.Port is not { } port)
            {
                continue;
            }
            foreach (var endpoint in slice.Endpoints)
            {
                // Null means ready. All addresses of one endpoint are the same pod; consumers use the first.
                if (endpoint.Conditions?.Ready != false
                    && endpoint.Addresses.Count > 0
                    && IPAddress.TryParse(endpoint.Addresses[0], out var address))
                {
                    addresses.Add(address.AddressFamily == AddressFamily.InterNetworkV6 ? $"http://[{address}]:{port}" : $"http://{address}:{port}");
                }
            }
        }
        return [.. addresses.Select(address => known.TryGetValue(address, out var endpoint) ? endpoint : new PodEndpoint(address))];
    }

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
