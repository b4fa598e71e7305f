using ModelOperator.Conformance.Tests.Harness;

namespace ModelOperator.Conformance.Tests.Kinds;

/// <summary>Pods as the API keeps them; no node takes these.</summary>
[TestFixture]
internal sealed class PodTests : ConformanceTest
{
    protected override bool CreatesPods => true;

    [Test]
    public async Task A_pod_gets_its_defaults()
    {
        var pod = await Created("pods", Manifests.Pod("p"));

        Assert.That(
            (pod["spec.restartPolicy"], pod["spec.dnsPolicy"], pod["spec.terminationGracePeriodSeconds"], pod["spec.schedulerName"], pod["spec.serviceAccountName"], pod["spec.enableServiceLinks"], pod["spec.securityContext"]),
            Is.EqualTo(("Always", "ClusterFirst", "30", "default-scheduler", "default", "true", "{}")));
        Assert.That(
            (pod["spec.containers[0].imagePullPolicy"], pod["spec.containers[0].terminationMessagePath"], pod["spec.containers[0].terminationMessagePolicy"], pod["spec.containers[0].resources"]),
            Is.EqualTo(("IfNotPresent", "/dev/termination-log", "File", "{}")));
        Assert.That((pod["status.phase"], pod["status.qosClass"]), Is.EqualTo(("Pending", "BestEffort")));
    }

    [TestCase("nginx", "Always")]
    [TestCase("nginx:latest", "Always")]
    [TestCase("nginx:1", "IfNotPresent")]
    [TestCase("reg:5000/nginx", "Always")]
    [TestCase("nginx@sha256:0123456789012345678901234567890123456789012345678901234567890123", "IfNotPresent")]
    public async Task The_pull_policy_follows_from_the_tag(string image, string policy)
    {
        var pod = await Created("pods", Manifests.Pod("p").With("spec.containers[0].image", $"\"{image}\""));

        Assert.That(pod["spec.containers[0].imagePullPolicy"], Is.EqualTo(policy));
    }

    [TestCase("""{"requests":{"cpu":"1","memory":"1Gi"},"limits":{"cpu":"1","memory":"1Gi"}}""", "Guaranteed")]
    [TestCase("""{"limits":{"cpu":"1","memory":"1Gi"}}""", "Guaranteed")]
    [TestCase("""{"requests":{"cpu":"100m"}}""", "Burstable")]
    [TestCase("{}", "BestEffort")]
    public async Task The_quality_of_service_follows_from_the_resources(string resources, string qos) =>
        Assert.That((await Created("pods", Manifests.Pod("p").With("spec.containers[0].resources", resources)))["status.qosClass"], Is.EqualTo(qos));

    [Test]
    public async Task Limits_are_the_default_of_requests() => Assert.That(
        (await Created("pods", Manifests.Pod("p").With("spec.containers[0].resources", """{"limits":{"cpu":"500m"}}""")))["spec.containers[0].resources.requests"],
        Is.EqualTo("""{"cpu":"500m"}"""));

    [Test]
    public async Task Probes_get_their_defaults()
    {
        var pod = await Created("pods", Manifests.Pod("p").With("spec.containers[0].readinessProbe", """{"httpGet":{"port":80}}"""));

        Assert.That(
            System.Text.Json.Nodes.JsonNode.DeepEquals(
                Reply.At(pod.Json, "spec.containers[0].readinessProbe"),
                System.Text.Json.Nodes.JsonNode.Parse("""{"httpGet":{"path":"/","port":80,"scheme":"HTTP"},"timeoutSeconds":1,"periodSeconds":10,"successThreshold":1,"failureThreshold":3}""")),
            pod.Text);
    }

    [Test]
    public async Task Volumes_get_their_modes()
    {
        var pod = await Created("pods", Manifests.Pod("p").With("spec.volumes", """
            [{"name":"a","configMap":{"name":"x"}},{"name":"b","secret":{"secretName":"x"}},{"name":"c","emptyDir":{}},
             {"name":"d","downwardAPI":{"items":[{"path":"p","fieldRef":{"fieldPath":"metadata.name"}}]}}]
            """));

        Assert.That(
            (pod["spec.volumes[0].configMap.defaultMode"], pod["spec.volumes[1].secret.defaultMode"], pod["spec.volumes[2].emptyDir"], pod["spec.volumes[3].downwardAPI.items[0].fieldRef.apiVersion"]),
            Is.EqualTo(("420", "420", "{}", "v1")));
    }

    [TestCase("spec.containers", "[]", "spec.containers: Required value", TestName = "A pod without containers")]
    [TestCase("spec.containers[0].name", "\"Main\"", "spec.containers[0].name: Invalid value: \"Main\": a lowercase RFC 1123 label must consist of", TestName = "A container's name is a label")]
    [TestCase("spec.containers[0].image", "\"\"", "spec.containers[0].image: Required value", TestName = "A container without an image")]
    [TestCase("spec.restartPolicy", "\"Sometimes\"", "spec.restartPolicy: Unsupported value: \"Sometimes\": supported values: \"Always\", \"OnFailure\", \"Never\"", TestName = "A restart policy that is none")]
    [TestCase("spec.containers[0].imagePullPolicy", "\"Maybe\"", "spec.containers[0].imagePullPolicy: Unsupported value: \"Maybe\": supported values: \"Always\", \"IfNotPresent\", \"Never\"", TestName = "A pull policy that is none")]
    [TestCase("spec.containers[0].ports", """[{"containerPort":0}]""", "spec.containers[0].ports[0].containerPort: Required value", TestName = "A container port of zero")]
    [TestCase("spec.containers[0].ports", """[{"containerPort":70000}]""", "spec.containers[0].ports[0].containerPort: Invalid value: 70000: must be between 1 and 65535, inclusive", TestName = "A container port too high")]
    [TestCase("spec.containers[0].ports", """[{"containerPort":80,"protocol":"ICMP"}]""", "spec.containers[0].ports[0].protocol: Unsupported value: \"ICMP\": supported values: \"SCTP\", \"TCP\", \"UDP\"", TestName = "A protocol that is none")]
    [TestCase("spec.containers[0].volumeMounts", """[{"name":"no","mountPath":"/x"}]""", "spec.containers[0].volumeMounts[0].name: Not found: \"no\"", TestName = "A mount of a volume that is not there")]
    [TestCase("spec.containers[0].env", """[{"name":""}]""", "spec.containers[0].env[0].name: Required value", TestName = "A variable without a name")]
    [TestCase("spec.containers[0].env", """[{"name":"A","valueFrom":{"fieldRef":{"fieldPath":"spec.nothing"}}}]""", "spec.containers[0].env[0].valueFrom.fieldRef.fieldPath: Invalid value: \"spec.nothing\": error converting fieldPath: field label not supported: spec.nothing", TestName = "A reference to a field that is not there")]
    [TestCase("spec.containers[0].resources", """{"requests":{"cpu":"2"},"limits":{"cpu":"1"}}""", "spec.containers[0].resources.requests: Invalid value: \"2\": must be less than or equal to cpu limit of 1", TestName = "A request above the limit")]
    [TestCase("spec.containers[0].livenessProbe", "{}", "spec.containers[0].livenessProbe: Required value: must specify a handler type", TestName = "A probe without a handler")]
    [TestCase("spec.volumes", """[{"name":"a"},{"name":"a"}]""", "spec.volumes[1].name: Duplicate value: \"a\"", TestName = "Two volumes of one name")]
    [TestCase("spec.nodeSelector", """{"a":"b c"}""", "spec.nodeSelector: Invalid value: \"b c\": a valid label must be", TestName = "A node selector of no label")]
    public async Task Is_invalid(string path, string value, string error)
    {
        var refused = await Post("pods", Manifests.Pod("p").With(path, value));

        Assert.That((refused.Code, refused.Reason), Is.EqualTo((422, "Invalid")), refused.Text);
        Assert.That(refused.Message, Does.StartWith("Pod \"p\" is invalid: ").And.Contain(error));
    }

    [Test]
    public async Task A_quantity_that_is_none_cannot_be_read()
    {
        var refused = await Post("pods", Manifests.Pod("p").With("spec.containers[0].resources", """{"requests":{"cpu":"lots"}}"""));

        BadRequest(
            refused,
            "Pod in version \"v1\" cannot be handled as a Pod: quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'");
    }

    [Test]
    public async Task Quantities_come_back_in_their_canonical_form()
    {
        var pod = await Created("pods", Manifests.Pod("p").With("spec.containers[0].resources", """{"requests":{"cpu":0.5,"memory":"1024Mi"}}"""));

        Assert.That(
            (pod["spec.containers[0].resources.requests.cpu"], pod["spec.containers[0].resources.requests.memory"]), Is.EqualTo(("500m", "1Gi")));
    }

    [Test]
    public async Task Two_containers_of_one_name_are_refused() => Invalid(
        await Post("pods", Manifests.Pod("p").With("spec.containers", """[{"name":"a","image":"x"},{"name":"a","image":"x"}]""")),
        "Pod \"p\" is invalid: spec.containers[1].name: Duplicate value: \"a\"");

    [Test]
    public async Task Hardly_anything_of_a_pods_spec_can_change()
    {
        await Created("pods", Manifests.Pod("p"));

        var refused = await MergePatch("pods/p", """{"spec":{"hostNetwork":true}}""");

        Assert.That((refused.Code, refused.Reason), Is.EqualTo((422, "Invalid")), refused.Text);
        Assert.That(
            refused.Message,
            Does.StartWith(
                "Pod \"p\" is invalid: spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`,"
                + "`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),"
                + "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)"));
    }

    [Test]
    public async Task The_image_of_a_pod_can_change()
    {
        await Created("pods", Manifests.Pod("p"));

        var changed = Answered(200, await StrategicPatch("pods/p", """{"spec":{"containers":[{"name":"main","image":"example.com/none:2"}]}}"""));

        Assert.That(changed["spec.containers[0].image"], Is.EqualTo("example.com/none:2"));
    }

    [Test]
    public async Task A_pods_status_is_reported_through_its_own_path()
    {
        await Created("pods", Manifests.Pod("p"));

        var reported = Answered(200, await MergePatch("pods/p/status", """{"status":{"phase":"Running","podIP":"10.1.2.3","podIPs":[{"ip":"10.1.2.3"}]}}"""));

        Assert.That((reported["status.phase"], reported["status.podIP"]), Is.EqualTo(("Running", "10.1.2.3")));
        Assert.That((await Get("pods?fieldSelector=status.phase%3DRunning")).Items, Is.EqualTo(new[] { "p" }));
        Assert.That((await Get("pods?fieldSelector=spec.nodeName%3Dnobody")).Items, Is.Empty);
    }

    [Test]
    public async Task Binding_gives_a_pod_to_a_node_once()
    {
        await Created("pods", Manifests.Pod("p"));
        const string Binding = """{"apiVersion":"v1","kind":"Binding","metadata":{"name":"p"},"target":{"kind":"Node","name":"nobody"}}""";

        Assert.That(Answered(201, await Post("pods/p/binding", Binding))["status"], Is.EqualTo("Success"));
        var pod = await Get("pods/p");
        Assert.That((pod["spec.nodeName"], pod["status.conditions[0].type"]), Is.EqualTo(("nobody", "PodScheduled")));

        Conflict(
            await Post("pods/p/binding", Binding),
            "Operation cannot be fulfilled on pods/binding \"p\": pod p is already assigned to node \"nobody\"");
        await Delete("pods/p?gracePeriodSeconds=0");
    }

    [Test]
    public async Task A_pod_with_a_service_account_that_is_not_there_is_forbidden() => Forbidden(
        await Post("pods", Manifests.Pod("p").With("spec.serviceAccountName", "\"nobody\"")),
        "pods \"p\" is forbidden: error looking up service account NAMESPACE/nobody: serviceaccount \"nobody\" not found".Replace("NAMESPACE", Namespace));
}
