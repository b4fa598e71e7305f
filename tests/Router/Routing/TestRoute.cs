using ModelOperator.Api.Conventions;
using ModelOperator.Api.ModelRoutes;
using ModelOperator.Kubernetes.Models;
using ModelOperator.Router.Routing;

namespace ModelOperator.Router.Tests.Routing;

/// <summary>A ModelRoute and the EndpointSlices of its services, as a test states them.</summary>
internal sealed class TestRoute(string name = "digits", long generation = 1, bool? failover = null)
{
    public V1Alpha1ModelRoute Resource { get; } = new()
    {
        Metadata = new V1ObjectMeta { NamespaceProperty = "default", Name = name, Generation = generation },
        Spec = new ModelRouteSpec { Failover = failover },
    };

    public List<V1EndpointSlice> Slices { get; } = [];

    public TestRoute Stable(int weight, params string[] pods) => Backend($"{name}-r1", "Stable", weight, pods);

    public TestRoute Candidate(int weight, params string[] pods) => Backend($"{name}-r2", "Candidate", weight, pods);

    /// <param name="pods">Addresses with ports.</param>
    public TestRoute Backend(string revision, string role, int weight, params string[] pods)
    {
        Resource.Spec.Backends.Add(new RouteBackend
        {
            Revision = revision,
            Service = revision,
            Role = role,
            Weight = weight,
            Version = revision[^1..],
            Digest = $"sha-of-{revision}",
        });
        // Test servers share an address and differ in ports; a slice has one port for all its addresses.
        Slices.AddRange(pods.Select((pod, i) => Slice(revision, $"{revision}-{i}", pod)));
        return this;
    }

    /// <summary>Gives every pod so far a port for gRPC.</summary>
    public TestRoute Grpc(int port)
    {
        foreach (var slice in Slices.Where(slice => slice.Ports!.All(one => one.Name != "grpc")))
        {
            slice.Ports!.Add(new Discoveryv1EndpointPort { Name = "grpc", Port = port });
        }
        return this;
    }

    public static V1EndpointSlice Slice(string service, string name, string pod, bool? ready = true)
    {
        var uri = new Uri($"http://{pod}");
        return new V1EndpointSlice
        {
            Metadata = new V1ObjectMeta
            {
                NamespaceProperty = "default",
                Name = name,
                Labels = new Dictionary<string, string> { [LabelNames.ServiceName] = service },
            },
            AddressType = "IPv4",
            Endpoints = [new V1Endpoint { Addresses = [uri.Host], Conditions = new V1EndpointConditions { Ready = ready } }],
            Ports = [new Discoveryv1EndpointPort { Name = "metrics", Port = 1 }, new Discoveryv1EndpointPort { Name = "http", Port = uri.Port }],
        };
    }

    public ModelRoute Build(ModelRoute? previous = null) => ModelRouteBuilder.Build(
        Resource, service => [.. Slices.Where(slice => slice.Metadata.Labels![LabelNames.ServiceName] == service)], previous);
}
