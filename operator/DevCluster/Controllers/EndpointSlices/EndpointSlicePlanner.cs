using System.Security.Cryptography;
using System.Text;
using ModelOperator.DevCluster.Controllers.Selection;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.DevCluster.Controllers.EndpointSlices;

/// <summary>Which EndpointSlices a Service should have.</summary>
internal static class EndpointSlicePlanner
{
    public const string ServiceNameLabel = "kubernetes.io/service-name";
    public const string ManagedByLabel = "endpointslice.kubernetes.io/managed-by";
    public const string Manager = "endpointslice-controller.k8s.io";

    private const int SuffixLength = 5;

    /// <summary>
    /// One slice for all pods that offer the Service's ports under the same numbers, in practice one. A Service without pods has
    /// one without endpoints; one without a selector, or of type ExternalName, is left to its owner and gets none.
    /// </summary>
    public static IReadOnlyList<V1EndpointSlice> Plan(V1Service service, IEnumerable<V1Pod> pods)
    {
        if (service.Spec is not { Selector: { Count: > 0 } selector } spec || spec.Type == "ExternalName" || service.Metadata.DeletionTimestamp is not null)
        {
            return [];
        }

        var groups = pods
            .Where(p => p.Status?.PodIP is { Length: > 0 } && !p.HasEnded() && Selectors.Matches(selector, p.Metadata.Labels))
            .OrderBy(p => p.Metadata.Name, StringComparer.Ordinal)
            .GroupBy(p => new PortSet(PortsOf(spec, p)))
            .OrderBy(g => g.Key.ToString(), StringComparer.Ordinal)
            .ToList();
        return groups.Count == 0
            ? [Slice(service, new PortSet([]), [])]
            : [.. groups.Select(g => Slice(service, g.Key, [.. g.Select(p => Endpoint(p, spec.PublishNotReadyAddresses == true))]))];
    }

    private static List<Discoveryv1EndpointPort> PortsOf(V1ServiceSpec spec, V1Pod pod)
    {
        var ports = new List<Discoveryv1EndpointPort>();
        foreach (var port in spec.Ports ?? [])
        {
            if (Resolve(port, pod) is { } number)
            {
                ports.Add(new Discoveryv1EndpointPort
                {
                    Name = port.Name ?? "",
                    Port = number,
                    Protocol = port.Protocol ?? "TCP",
                    AppProtocol = port.AppProtocol,
                });
            }
        }

        return ports;
    }

    private static int? Resolve(V1ServicePort port, V1Pod pod)
    {
        if (port.TargetPort is not { } target)
        {
            return port.Port;
        }

        return target.AsInteger() is { } number
            ? number == 0 ? port.Port : number
            : pod.Spec?.Containers
                .SelectMany(c => c.Ports ?? [])
                .FirstOrDefault(p => p.Name == target.Value && (p.Protocol ?? "TCP") == (port.Protocol ?? "TCP"))?.ContainerPort;
    }

    private static V1Endpoint Endpoint(V1Pod pod, bool publishNotReady)
    {
        var terminating = pod.Metadata.DeletionTimestamp is not null;
        return new V1Endpoint
        {
            Addresses = [pod.Status!.PodIP!],
            Conditions = new V1EndpointConditions
            {
                Ready = publishNotReady || (pod.IsReady() && !terminating),
                Serving = publishNotReady || pod.IsReady(),
                Terminating = terminating,
            },
            NodeName = pod.Spec?.NodeName,
            TargetRef = new V1ObjectReference
            {
                Kind = "Pod",
                NamespaceProperty = pod.Metadata.NamespaceProperty,
                Name = pod.Metadata.Name,
                Uid = pod.Metadata.Uid,
            },
        };
    }

    private static V1EndpointSlice Slice(V1Service service, PortSet ports, List<V1Endpoint> endpoints)
    {
        var labels = new Dictionary<string, string>(service.Metadata.Labels ?? new Dictionary<string, string>())
        {
            [ServiceNameLabel] = service.Metadata.Name ?? "",
            [ManagedByLabel] = Manager,
        };
        return new V1EndpointSlice
        {
            ApiVersion = "discovery.k8s.io/v1",
            Kind = "EndpointSlice",
            Metadata = new V1ObjectMeta
            {
                Name = $"{service.Metadata.Name}-{Suffix(ports.ToString())}",
                NamespaceProperty = service.Metadata.NamespaceProperty,
                Labels = labels,
                OwnerReferences = [service.CreateOwnerReference(controller: true, blockDeletion: true)],
            },
            AddressType = "IPv4",
            Endpoints = endpoints,
            Ports = ports.Ports,
        };
    }

    private static string Suffix(string text) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..SuffixLength];
}
