using System.Net;
using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Json;
using ModelOperator.DevCluster.ApiServer.Storage;

namespace ModelOperator.DevCluster.ApiServer.Admission;

/// <summary>Finds a ready endpoint of a Service by its EndpointSlices.</summary>
internal static class ServiceEndpoints
{
    /// <exception cref="HttpRequestException">The service, its port or a ready endpoint is missing.</exception>
    public static IPEndPoint Resolve(ObjectStore store, WebhookService service)
    {
        if (store.Get("services", new ObjectKey(service.Namespace, service.Name))?.Content is not { } found)
        {
            throw new HttpRequestException($"service \"{service.Name}\" not found");
        }

        var port = (found.ArrayAt("spec", "ports") ?? []).FirstOrDefault(port => port.IntegerAt("port") == service.Port)
            ?? throw new HttpRequestException($"no service port {service.Port} found for service \"{service.Name}\"");
        var addresses =
            from slice in store.Objects("endpointslices.discovery.k8s.io").Values
            where slice.Key.Namespace == service.Namespace && slice.Content.StringAt("metadata", "labels", "kubernetes.io/service-name") == service.Name
            from number in Numbers(slice.Content, port.StringAt("name") ?? "")
            from endpoint in slice.Content.ArrayAt("endpoints") ?? []
            where endpoint.At("conditions", "ready") is null || endpoint.BooleanAt("conditions", "ready")
            from address in endpoint.ArrayAt("addresses") ?? []
            select new IPEndPoint(IPAddress.Parse(address.StringOrNull()!), number);
        return addresses.FirstOrDefault() ?? throw new HttpRequestException($"no endpoints available for service \"{service.Name}\"");
    }

    private static IEnumerable<int> Numbers(JsonObject slice, string name) =>
        (slice.ArrayAt("ports") ?? []).Where(port => (port.StringAt("name") ?? "") == name).Select(port => (int)(port.IntegerAt("port") ?? 0));
}
