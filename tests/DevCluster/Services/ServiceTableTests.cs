using System.Net;
using ModelOperator.DevCluster.Services;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.DevCluster.Tests.Services;

internal sealed class ServiceTableTests
{
    private static readonly ServiceAddress Address = new(IPAddress.Parse("127.16.255.7"), 80);

    [Test]
    public void A_cluster_address_leads_to_the_ready_pods_of_its_slices_by_port_name()
    {
        var table = ServiceTable.Build(
            [Service("web", "127.16.255.7")],
            [Slice("web", ("127.16.1.1", true), ("127.16.1.2", false)), Slice("other", ("127.16.1.3", true))]);

        Assert.That(table[Address], Is.EqualTo(new[] { IPEndPoint.Parse("127.16.1.1:8000") }));
    }

    [Test]
    public void An_endpoint_that_does_not_say_whether_it_is_ready_counts_as_ready()
    {
        var table = ServiceTable.Build([Service("web", "127.16.255.7")], [Slice("web", ("127.16.1.1", null))]);

        Assert.That(table[Address], Has.Length.EqualTo(1));
    }

    [Test]
    public void A_service_without_endpoints_keeps_its_address()
    {
        var table = ServiceTable.Build([Service("web", "127.16.255.7")], []);

        Assert.That(table[Address], Is.Empty);
    }

    [Test]
    public void A_headless_service_has_no_address()
    {
        Assert.That(ServiceTable.Build([Service("web", "None")], [Slice("web", ("127.16.1.1", true))]), Is.Empty);
    }

    private static V1Service Service(string name, string clusterIP) => new()
    {
        Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = "default" },
        Spec = new V1ServiceSpec { ClusterIP = clusterIP, Ports = [new V1ServicePort { Name = "http", Port = 80 }] },
    };

    private static V1EndpointSlice Slice(string service, params (string Address, bool? Ready)[] endpoints) => new()
    {
        Metadata = new V1ObjectMeta
        {
            Name = service + "-slice",
            NamespaceProperty = "default",
            Labels = new Dictionary<string, string> { ["kubernetes.io/service-name"] = service },
        },
        AddressType = "IPv4",
        Endpoints = [.. endpoints.Select(e => new V1Endpoint { Addresses = [e.Address], Conditions = new V1EndpointConditions { Ready = e.Ready } })],
        Ports = [new Discoveryv1EndpointPort { Name = "metrics", Port = 8002 }, new Discoveryv1EndpointPort { Name = "http", Port = 8000 }],
    };
}
