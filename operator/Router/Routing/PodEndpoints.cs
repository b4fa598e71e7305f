using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using ModelOperator.Api.Conventions;
using ModelOperator.Kubernetes.Models;
using ModelOperator.Router.Balancing;

namespace ModelOperator.Router.Routing;

/// <summary>Reads the pods of a service from its EndpointSlices.</summary>
internal static class PodEndpoints
{
    /// <summary>
    /// The ready pods. Where no pod is ready, those that end but still serve, as kube-proxy does (KEP-1669): the last pods of
    /// a service answer until others are there.
    /// </summary>
    /// <param name="slices">All slices of the service.</param>
    /// <param name="portName">The port that requests are sent to.</param>
    /// <param name="known">Endpoints by address, to be kept.</param>
    public static ImmutableArray<PodEndpoint> Of(
        IReadOnlyList<V1EndpointSlice> slices, string portName, IReadOnlyDictionary<string, PodEndpoint> known)
    {
        var ready = Addresses(slices, portName, conditions => conditions?.Ready != false);
        var addresses = ready.Count > 0
            ? ready
            : Addresses(slices, portName, conditions => conditions is { Serving: true, Terminating: true });
        return
        [
            .. addresses.Select(one =>
                known.TryGetValue(one.Key, out var endpoint) && endpoint.GrpcAddress == one.Value
                    ? endpoint
                    : new PodEndpoint(one.Key, one.Value)),
        ];
    }

    private static SortedDictionary<string, string?> Addresses(
        IReadOnlyList<V1EndpointSlice> slices, string portName, Func<V1EndpointConditions?, bool> takes)
    {
        var addresses = new SortedDictionary<string, string?>(StringComparer.Ordinal);
        foreach (var slice in slices)
        {
            if (PortOf(slice, portName) is not { } port)
            {
                continue;
            }
            var grpcPort = PortOf(slice, Ports.GrpcName);
            foreach (var endpoint in slice.Endpoints)
            {
                // All addresses of one endpoint are the same pod; consumers use the first.
                if (takes(endpoint.Conditions) && endpoint.Addresses.Count > 0 && IPAddress.TryParse(endpoint.Addresses[0], out var address))
                {
                    addresses[Authority(address, port)] = grpcPort is { } grpc ? Authority(address, grpc) : null;
                }
            }
        }
        return addresses;
    }

    private static int? PortOf(V1EndpointSlice slice, string name) => slice.Ports?.FirstOrDefault(port => port.Name == name)?.Port;

    private static string Authority(IPAddress address, int port) =>
        address.AddressFamily == AddressFamily.InterNetworkV6 ? $"http://[{address}]:{port}" : $"http://{address}:{port}";
}
