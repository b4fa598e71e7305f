using System.Collections.Immutable;
using System.Net;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.DevCluster.Services;

/// <summary>Which pods stand behind every cluster address at one moment.</summary>
internal static class ServiceTable
{
    private const string ServiceNameLabel = "kubernetes.io/service-name";

    /// <summary>Joins Services with the ready TCP endpoints of their EndpointSlices. A Service without any stays, empty.</summary>
    public static ImmutableDictionary<ServiceAddress, ImmutableArray<IPEndPoint>> Build(
        IEnumerable<V1Service> services, IEnumerable<V1EndpointSlice> slices)
    {
        var slicesOf = slices.ToLookup(s => (s.Metadata.NamespaceProperty, s.Metadata.Labels?.TryGetValue(ServiceNameLabel, out var name) == true ? name : null));
        var table = ImmutableDictionary.CreateBuilder<ServiceAddress, ImmutableArray<IPEndPoint>>();
        foreach (var service in services)
        {
            if (!IPAddress.TryParse(service.Spec?.ClusterIP, out var clusterIP))
            {
                continue;
            }

            foreach (var port in service.Spec.Ports ?? [])
            {
                table[new ServiceAddress(clusterIP, port.Port)] =
                    [.. slicesOf[(service.Metadata.NamespaceProperty, service.Metadata.Name)].SelectMany(slice => ReadyEndpoints(slice, port.Name))];
            }
        }

        return table.ToImmutable();
    }

    private static IEnumerable<IPEndPoint> ReadyEndpoints(V1EndpointSlice slice, string? portName)
    {
        var port = slice.Ports?.FirstOrDefault(p => (p.Name ?? "") == (portName ?? ""))?.Port;
        return port is null
            ? []
            : from endpoint in slice.Endpoints ?? []
              where endpoint.Conditions?.Ready != false
              from address in endpoint.Addresses ?? []
              select new IPEndPoint(IPAddress.Parse(address), port.Value);
    }
}
