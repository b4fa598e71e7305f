using ModelOperator.Conformance.Tests.Harness;

namespace ModelOperator.Conformance.Tests.Kinds;

/// <summary>Services and the EndpointSlices that follow from them.</summary>
[TestFixture]
internal sealed class ServiceTests : ConformanceTest
{
    protected override bool CreatesPods => true;

    private string NodeName => $"node-{Namespace}";

    [TearDown]
    public async Task RemoveNode() => await Delete($"/api/v1/nodes/{NodeName}");

    [Test]
    public async Task A_service_gets_an_address_and_its_defaults()
    {
        var service = await Created("services", Manifests.Service("web"));

        Assert.That(
            (service["spec.type"], service["spec.sessionAffinity"], service["spec.internalTrafficPolicy"], service["spec.ipFamilyPolicy"], service["spec.ports[0].protocol"], service["spec.ports[0].targetPort"]),
            Is.EqualTo(("ClusterIP", "None", "Cluster", "SingleStack", "TCP", "80")));
        Assert.That(service["spec.clusterIP"], Does.Match(@"^\d+\.\d+\.\d+\.\d+$"));
        Assert.That((service["spec.clusterIPs"], service["status"]), Is.EqualTo(($"[\"{service["spec.clusterIP"]}\"]", """{"loadBalancer":{}}""")));
    }

    [Test]
    public async Task Services_have_addresses_of_their_own()
    {
        var one = await Created("services", Manifests.Service("one"));
        var two = await Created("services", Manifests.Service("two"));

        Assert.That(one["spec.clusterIP"], Is.Not.EqualTo(two["spec.clusterIP"]));
    }

    [Test]
    public async Task A_headless_service_has_none()
    {
        var service = await Created("services", Manifests.Service("web").With("spec.clusterIP", "\"None\""));

        Assert.That((service["spec.clusterIP"], service["spec.clusterIPs"]), Is.EqualTo(("None", """["None"]""")));
    }

    [Test]
    public async Task A_headless_service_may_do_without_ports() =>
        await Created("services", """{"metadata":{"name":"web"},"spec":{"clusterIP":"None","selector":{"app":"web"}}}""");

    [Test]
    public async Task An_external_name_has_no_address()
    {
        var service = await Created("services", """{"metadata":{"name":"web"},"spec":{"type":"ExternalName","externalName":"example.com"}}""");

        Assert.That((service["spec.clusterIP"], service["spec.externalName"]), Is.EqualTo(((string?)null, "example.com")));
    }

    [TestCase("spec.ports", "[]", "spec.ports: Required value", TestName = "A service without ports")]
    [TestCase("spec.ports", """[{"port":0}]""", "spec.ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive", TestName = "A service port of zero")]
    [TestCase("spec.ports", """[{"port":80},{"port":81}]""", "[spec.ports[0].name: Required value, spec.ports[1].name: Required value]", TestName = "Several ports without names")]
    [TestCase("spec.ports", """[{"port":80,"name":"a"},{"port":81,"name":"a"}]""", "spec.ports[1].name: Duplicate value: \"a\"", TestName = "Two ports of one name")]
    [TestCase("spec.ports", """[{"port":80,"name":"a"},{"port":80,"name":"b"}]""", "spec.ports[1]: Duplicate value: {", TestName = "Two names of one port")]
    [TestCase("spec.ports", """[{"port":80,"targetPort":"A_B"}]""", "spec.ports[0].targetPort: Invalid value: \"A_B\"", TestName = "A target port of no name")]
    [TestCase("spec.ports", """[{"port":80,"protocol":"ICMP"}]""", "spec.ports[0].protocol: Unsupported value: \"ICMP\": supported values: \"SCTP\", \"TCP\", \"UDP\"", TestName = "A service protocol that is none")]
    [TestCase("spec.type", "\"Magic\"", "spec.type: Unsupported value: \"Magic\": supported values: \"ClusterIP\", \"ExternalName\", \"LoadBalancer\", \"NodePort\"", TestName = "A type that is none")]
    [TestCase("spec.sessionAffinity", "\"Sticky\"", "spec.sessionAffinity: Unsupported value: \"Sticky\": supported values: \"ClientIP\", \"None\"", TestName = "An affinity that is none")]
    [TestCase("spec.selector", """{"a":"b c"}""", "spec.selector: Invalid value: \"b c\": a valid label must be", TestName = "A selector of no label")]
    public async Task Is_invalid(string path, string value, string error)
    {
        var refused = await Post("services", Manifests.Service("web").With(path, value));

        Assert.That((refused.Code, refused.Reason), Is.EqualTo((422, "Invalid")), refused.Text);
        Assert.That(refused.Message, Does.StartWith("Service \"web\" is invalid: ").And.Contain(error));
    }

    [Test]
    public async Task The_address_of_a_service_cannot_change()
    {
        await Created("services", Manifests.Service("web"));

        var refused = await MergePatch("services/web", """{"spec":{"clusterIP":"10.9.9.9","clusterIPs":["10.9.9.9"]}}""");

        Assert.That(refused.Code, Is.EqualTo(422));
        Assert.That(refused.Message, Does.StartWith("Service \"web\" is invalid: spec.clusterIPs[0]: Invalid value: [\"10.9.9.9\"]: may not change once set"));
    }

    [Test]
    public async Task A_manifest_without_the_address_keeps_it()
    {
        var created = await Created("services", Manifests.Service("web"));

        var updated = Answered(200, await Put("services/web", Manifests.Service("web").With("metadata.resourceVersion", $"\"{created.Version}\"")));

        Assert.That(updated["spec.clusterIP"], Is.EqualTo(created["spec.clusterIP"]));
    }

    [Test]
    public async Task A_service_that_selects_nothing_has_an_empty_slice()
    {
        var service = await Created("services", Manifests.Service("web"));

        var slices = await Slices(reply => reply.Items.Count == 1);

        Assert.That(
            (slices["items[0].addressType"], slices["items[0].endpoints"], slices["items[0].metadata.ownerReferences[0].uid"], slices["items[0].metadata.labels['endpointslice.kubernetes.io/managed-by']"]),
            Is.EqualTo(("IPv4", (string?)null, service["metadata.uid"], "endpointslice-controller.k8s.io")).Or.EqualTo(("IPv4", "[]", service["metadata.uid"], "endpointslice-controller.k8s.io")));
        Assert.That(slices["items[0].metadata.name"], Does.Match("^web-[a-z0-9]{5}$"));
    }

    [Test]
    public async Task A_ready_pod_becomes_a_ready_endpoint()
    {
        await Created("services", Manifests.Service("web").With("spec.ports[0].targetPort", "\"http\""));
        await CreatePodAsync("p", "10.1.2.3", ready: true);

        var slices = await Slices(reply => reply["items[0].endpoints[0].conditions.ready"] == "true");

        Assert.That(
            (slices["items[0].endpoints[0].addresses"], slices["items[0].endpoints[0].conditions"], slices["items[0].endpoints[0].targetRef.kind"], slices["items[0].endpoints[0].targetRef.name"], slices["items[0].endpoints[0].nodeName"]),
            Is.EqualTo(("""["10.1.2.3"]""", """{"ready":true,"serving":true,"terminating":false}""", "Pod", "p", NodeName)));
        Assert.That((slices["items[0].ports[0].name"], slices["items[0].ports[0].port"], slices["items[0].ports[0].protocol"]), Is.EqualTo(("http", "8080", "TCP")));
        await Delete("pods/p?gracePeriodSeconds=0");
    }

    [Test]
    public async Task A_pod_that_is_not_ready_is_an_endpoint_that_is_not_ready()
    {
        await Created("services", Manifests.Service("web"));
        await CreatePodAsync("p", "10.1.2.4", ready: false);

        var slices = await Slices(reply => reply["items[0].endpoints[0].addresses"] is not null);

        Assert.That(slices["items[0].endpoints[0].conditions"], Is.EqualTo("""{"ready":false,"serving":false,"terminating":false}"""));
        await Delete("pods/p?gracePeriodSeconds=0");
    }

    [Test]
    public async Task A_pod_that_goes_takes_its_endpoint_along()
    {
        await Created("services", Manifests.Service("web"));
        await CreatePodAsync("p", "10.1.2.5", ready: true);
        await Slices(reply => reply["items[0].endpoints[0].addresses"] is not null);

        await Delete("pods/p?gracePeriodSeconds=0");

        await Slices(reply => reply["items[0].endpoints[0].addresses"] is null);
    }

    [Test]
    public async Task The_slices_of_a_service_go_with_it()
    {
        await Created("services", Manifests.Service("web"));
        await Slices(reply => reply.Items.Count == 1);

        await Delete("services/web");

        await Slices(reply => reply.Items.Count == 0);
    }

    private Task<Reply> Slices(Func<Reply, bool> wanted) =>
        Until("endpointslices?labelSelector=kubernetes.io/service-name%3Dweb", wanted, "the slices of the service follow it");

    private async Task CreatePodAsync(string name, string address, bool ready)
    {
        // A controller looks up the node of a pod; nothing is placed on this one.
        await Created("/api/v1/nodes", $$$$"""{"metadata":{"name":"{{{{NodeName}}}}"},"spec":{"unschedulable":true}}""");
        await Created("pods", Manifests.Pod(name, """{"app":"web"}""").With("spec.nodeName", $"\"{NodeName}\"").With("spec.containers[0].ports", """[{"name":"http","containerPort":8080}]"""));
        Answered(200, await MergePatch(
            $"pods/{name}/status",
            $$$$"""{"status":{"phase":"Running","podIP":"{{{{address}}}}","podIPs":[{"ip":"{{{{address}}}}"}],"conditions":[{"type":"Ready","status":"{{{{(ready ? "True" : "False")}}}}"}]}}"""));
    }
}
