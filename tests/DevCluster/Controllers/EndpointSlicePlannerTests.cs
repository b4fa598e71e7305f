using ModelOperator.DevCluster.Controllers.EndpointSlices;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.DevCluster.Tests.Controllers;

internal sealed class EndpointSlicePlannerTests
{
    [Test]
    public void A_slice_lists_the_services_pods_and_resolves_port_names()
    {
        var slice = EndpointSlicePlanner.Plan(Service(), [Pod("a", "127.9.1.1"), Pod("other", "127.9.1.2", app: "other")]).Single();

        Assert.Multiple(() =>
        {
            Assert.That(slice.GetLabel("kubernetes.io/service-name"), Is.EqualTo("web"));
            Assert.That(slice.GetLabel("endpointslice.kubernetes.io/managed-by"), Is.EqualTo("endpointslice-controller.k8s.io"));
            Assert.That(slice.Ports!.Single().Port, Is.EqualTo(8000));
            Assert.That(slice.Ports!.Single().Name, Is.EqualTo("http"));
            Assert.That(slice.Endpoints.Single().Addresses, Is.EqualTo(new[] { "127.9.1.1" }));
            Assert.That(slice.Endpoints.Single().TargetRef!.Name, Is.EqualTo("a"));
            Assert.That(slice.Endpoints.Single().NodeName, Is.EqualTo("n"));
        });
    }

    [TestCase(true, false, true, true, false)]
    [TestCase(false, false, false, false, false)]
    [TestCase(true, true, false, true, true)]
    public void A_pod_that_is_ending_serves_but_is_not_ready(bool podReady, bool ending, bool ready, bool serving, bool terminating)
    {
        var conditions = EndpointSlicePlanner.Plan(Service(), [Pod("a", "127.9.1.1", podReady, ending)]).Single().Endpoints.Single().Conditions!;

        Assert.That((conditions.Ready, conditions.Serving, conditions.Terminating), Is.EqualTo((ready, serving, terminating)));
    }

    [Test]
    public void Pods_without_an_address_or_that_have_ended_are_left_out()
    {
        var ended = Pod("b", "127.9.1.2");
        ended.Status!.Phase = "Failed";

        Assert.That(EndpointSlicePlanner.Plan(Service(), [Pod("a", null), ended]).Single().Endpoints, Is.Empty);
    }

    [Test]
    public void Pods_with_different_numbers_for_a_port_name_are_in_different_slices()
    {
        var odd = Pod("b", "127.9.1.2");
        odd.Spec!.Containers[0].Ports![0].ContainerPort = 9000;

        var slices = EndpointSlicePlanner.Plan(Service(), [Pod("a", "127.9.1.1"), odd]);

        Assert.That(slices.Select(s => s.Ports!.Single().Port), Is.EquivalentTo(new[] { 8000, 9000 }));
        Assert.That(slices.Select(s => s.Metadata.Name), Is.Unique);
    }

    [Test]
    public void A_service_without_a_selector_is_left_alone()
    {
        var service = Service();
        service.Spec!.Selector = null;

        Assert.That(EndpointSlicePlanner.Plan(service, [Pod("a", "127.9.1.1")]), Is.Empty);
    }

    private static V1Service Service() => new()
    {
        Metadata = new V1ObjectMeta { Name = "web", NamespaceProperty = "default", Uid = "s" },
        Spec = new V1ServiceSpec
        {
            Selector = new Dictionary<string, string> { ["app"] = "web" },
            Ports = [new V1ServicePort { Name = "http", Port = 80, TargetPort = "http" }],
        },
    };

    private static V1Pod Pod(string name, string? address, bool ready = true, bool ending = false, string app = "web") => new()
    {
        Metadata = new V1ObjectMeta
        {
            Name = name,
            NamespaceProperty = "default",
            Uid = name,
            Labels = new Dictionary<string, string> { ["app"] = app },
            DeletionTimestamp = ending ? DateTime.UnixEpoch : null,
        },
        Spec = new V1PodSpec
        {
            NodeName = "n",
            Containers = [new V1Container { Name = "web", Ports = [new V1ContainerPort { Name = "http", ContainerPort = 8000 }] }],
        },
        Status = new V1PodStatus
        {
            Phase = "Running",
            PodIP = address,
            Conditions = [new V1PodCondition { Type = "Ready", Status = ready ? "True" : "False" }],
        },
    };
}
