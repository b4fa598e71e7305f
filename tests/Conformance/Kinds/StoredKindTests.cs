using ModelOperator.Conformance.Tests.Harness;

namespace ModelOperator.Conformance.Tests.Kinds;

/// <summary>Kinds that are mostly kept as they come, and their rules.</summary>
[TestFixture]
internal sealed class StoredKindTests : ConformanceTest
{
    [Test]
    public async Task An_immutable_config_map_cannot_change()
    {
        await Created("configmaps", """{"metadata":{"name":"cm"},"data":{"a":"1"},"immutable":true}""");

        Invalid(await MergePatch("configmaps/cm", """{"data":{"a":"2"}}"""), "ConfigMap \"cm\" is invalid: data: Forbidden: field is immutable when `immutable` is set");
        Invalid(await MergePatch("configmaps/cm", """{"immutable":null}"""), "ConfigMap \"cm\" is invalid: immutable: Forbidden: field is immutable when `immutable` is set");
        Answered(200, await MergePatch("configmaps/cm", """{"metadata":{"labels":{"a":"b"}}}"""));
    }

    [Test]
    public async Task A_key_is_in_data_or_in_binary_data() => Invalid(
        await Post("configmaps", """{"metadata":{"name":"cm"},"data":{"a":"1"},"binaryData":{"a":"AA=="}}"""),
        "ConfigMap \"cm\" is invalid: data[a]: Invalid value: \"a\": duplicate of key present in binaryData");

    [Test]
    public async Task Binary_data_must_be_base64()
    {
        var refused = await Post("configmaps", """{"metadata":{"name":"cm"},"binaryData":{"a":"%%"}}""");

        BadRequest(refused, "ConfigMap in version \"v1\" cannot be handled as a ConfigMap: illegal base64 data at input byte 0");
    }

    [Test]
    public async Task The_text_of_a_secret_becomes_data()
    {
        var secret = await Created("secrets", """{"metadata":{"name":"s"},"stringData":{"a":"text"},"data":{"b":"AA=="}}""");

        Assert.That((secret["type"], secret["data.a"], secret["data.b"], secret["stringData"]), Is.EqualTo(("Opaque", "dGV4dA==", "AA==", (string?)null)));
    }

    [Test]
    public async Task The_type_of_a_secret_cannot_change()
    {
        await Created("secrets", """{"metadata":{"name":"s"}}""");

        Invalid(await MergePatch("secrets/s", """{"type":"example.com/other"}"""), "Secret \"s\" is invalid: type: Invalid value: \"example.com/other\": field is immutable");
    }

    [Test]
    public async Task An_immutable_secret_cannot_change()
    {
        await Created("secrets", """{"metadata":{"name":"s"},"data":{"a":"AA=="},"immutable":true}""");

        Invalid(await MergePatch("secrets/s", """{"data":{"a":"AQ=="}}"""), "Secret \"s\" is invalid: data: Forbidden: field is immutable when `immutable` is set");
    }

    [Test]
    public async Task A_secret_of_a_known_type_has_its_keys() => Invalid(
        await Post("secrets", """{"metadata":{"name":"s"},"type":"kubernetes.io/tls"}"""),
        "Secret \"s\" is invalid: [data[tls.crt]: Required value, data[tls.key]: Required value]");

    [Test]
    public async Task A_lease_is_kept_with_its_microseconds()
    {
        var lease = await Created("leases", """{"metadata":{"name":"l"},"spec":{"holderIdentity":"me","leaseDurationSeconds":15,"renewTime":"2026-01-02T03:04:05.678901Z","leaseTransitions":2}}""");

        Assert.That((lease["spec.renewTime"], lease["spec.holderIdentity"]), Is.EqualTo(("2026-01-02T03:04:05.678901Z", "me")));
    }

    [TestCase("leaseDurationSeconds", "0", "spec.leaseDurationSeconds: Invalid value: 0: must be greater than 0", TestName = "A lease of no duration")]
    [TestCase("leaseTransitions", "-1", "spec.leaseTransitions: Invalid value: -1: must be greater than or equal to 0", TestName = "A lease of negative transitions")]
    public async Task A_lease_is_invalid(string field, string value, string error) => Invalid(
        await Post("leases", $$$$"""{"metadata":{"name":"l"},"spec":{"{{{{field}}}}":{{{{value}}}}}}"""), $"Lease.coordination.k8s.io \"l\" is invalid: {error}");

    [Test]
    public async Task A_disruption_budget_may_change_but_not_have_both_bounds()
    {
        await Created("poddisruptionbudgets", """{"metadata":{"name":"b"},"spec":{"minAvailable":1,"selector":{"matchLabels":{"app":"x"}}}}""");

        Assert.That(Answered(200, await MergePatch("poddisruptionbudgets/b", """{"spec":{"minAvailable":"50%"}}"""))["metadata.generation"], Is.EqualTo("2"));
        var refused = await MergePatch("poddisruptionbudgets/b", """{"spec":{"maxUnavailable":1}}""");
        Assert.That((refused.Code, refused["details.causes[0].field"]), Is.EqualTo((422, "spec")));
        Assert.That(refused.Message, Does.EndWith(": minAvailable and maxUnavailable cannot be both set"));
    }

    [Test]
    public async Task An_event_of_one_api_shows_in_the_other()
    {
        await Created("/apis/events.k8s.io/v1/namespaces/NAMESPACE/events", """
            {"metadata":{"name":"e"},"eventTime":"2026-01-02T03:04:05.000006Z","reportingController":"example.com/me","reportingInstance":"me-1",
             "action":"Look","reason":"Looked","type":"Normal","note":"saw it","regarding":{"kind":"Pod","namespace":"NAMESPACE","name":"p"}}
            """);

        var core = Answered(200, await Get("events/e"));

        Assert.That(
            (core["reason"], core["message"], core["involvedObject.name"], core["reportingComponent"], core["action"]),
            Is.EqualTo(("Looked", "saw it", "p", "example.com/me", "Look")));
        Assert.That((await Get("events?fieldSelector=involvedObject.name%3Dp,reason%3DLooked")).Items, Is.EqualTo(new[] { "e" }));
    }

    [Test]
    public async Task An_event_is_about_something_in_its_namespace() => Invalid(
        await Post("events", """{"metadata":{"name":"e"},"involvedObject":{"kind":"Pod","namespace":"default","name":"p"},"reason":"X","type":"Normal"}"""),
        "Event \"e\" is invalid: involvedObject.namespace: Invalid value: \"default\": does not match event.namespace");

    [Test]
    public async Task An_endpoint_slice_is_kept_and_its_address_type_cannot_change()
    {
        await Created("endpointslices", """{"metadata":{"name":"s"},"addressType":"IPv4","endpoints":[{"addresses":["10.1.2.3"]}],"ports":[{"name":"http","port":80}]}""");

        var refused = await MergePatch("endpointslices/s", """{"addressType":"IPv6","endpoints":[]}""");

        Invalid(refused, "EndpointSlice.discovery.k8s.io \"s\" is invalid: addressType: Invalid value: \"IPv6\": field is immutable");
    }

    [Test]
    public async Task An_endpoint_slice_holds_addresses_of_its_type()
    {
        var refused = await Post("endpointslices", """{"metadata":{"name":"s"},"addressType":"IPv4","endpoints":[{"addresses":["nowhere"]}]}""");

        Assert.That(refused.Message, Does.StartWith("EndpointSlice.discovery.k8s.io \"s\" is invalid: endpoints[0].addresses[0]: Invalid value: \"nowhere\": must be a valid IP address"));
    }

    [Test]
    public async Task The_role_of_a_binding_cannot_change()
    {
        await Created("rolebindings", """{"metadata":{"name":"b"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"Role","name":"r"},"subjects":[{"kind":"ServiceAccount","name":"default","namespace":"NAMESPACE"}]}""");

        var refused = await MergePatch("rolebindings/b", """{"roleRef":{"name":"other"}}""");

        Assert.That((refused.Code, refused["details.causes[0].field"]), Is.EqualTo((422, "roleRef")));
        Assert.That(refused.Message, Does.EndWith(": cannot change roleRef"));
    }

    [Test]
    public async Task A_rule_of_a_role_needs_verbs() => Invalid(
        await Post("roles", """{"metadata":{"name":"r"},"rules":[{"apiGroups":[""],"resources":["pods"]}]}"""),
        "Role.rbac.authorization.k8s.io \"r\" is invalid: rules[0].verbs: Required value: verbs must contain at least one value");

    [Test]
    public async Task An_autoscaler_is_kept()
    {
        var hpa = await Created("horizontalpodautoscalers", """{"metadata":{"name":"h"},"spec":{"scaleTargetRef":{"apiVersion":"apps/v1","kind":"Deployment","name":"web"},"maxReplicas":3}}""");

        Assert.That((hpa["spec.minReplicas"], hpa["spec.metrics[0].resource.target.averageUtilization"]), Is.EqualTo(("1", "80")));
        Invalid(
            await MergePatch("horizontalpodautoscalers/h", """{"spec":{"minReplicas":4}}"""),
            "HorizontalPodAutoscaler.autoscaling \"h\" is invalid: spec.maxReplicas: Invalid value: 3: must be greater than or equal to `minReplicas`");
    }

    [Test]
    public async Task A_network_policy_is_kept()
    {
        var policy = await Created("networkpolicies", """{"metadata":{"name":"n"},"spec":{"podSelector":{},"ingress":[{"ports":[{"port":80}]}]}}""");

        Assert.That((policy["spec.policyTypes"], policy["spec.ingress[0].ports[0].protocol"], policy["metadata.generation"]), Is.EqualTo(("""["Ingress"]""", "TCP", "1")));
    }

    [Test]
    public async Task An_ingress_is_kept()
    {
        var ingress = await Created("ingresses", """
            {"metadata":{"name":"i"},"spec":{"rules":[{"host":"a.example.com","http":{"paths":[{"path":"/","pathType":"Prefix","backend":{"service":{"name":"web","port":{"number":80}}}}]}}]}}
            """);

        Assert.That((ingress["spec.rules[0].http.paths[0].pathType"], ingress["status"]), Is.EqualTo(("Prefix", """{"loadBalancer":{}}""")));
    }

    [Test]
    public async Task A_claim_is_pending()
    {
        var claim = await Created("persistentvolumeclaims", """{"metadata":{"name":"c"},"spec":{"storageClassName":"none","accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"}}}}""");

        Assert.That((claim["status.phase"], claim["spec.volumeMode"]), Is.EqualTo(("Pending", "Filesystem")));
        await MergePatch("persistentvolumeclaims/c", """{"metadata":{"finalizers":null}}""");
    }

    [Test]
    public async Task A_claim_needs_access_modes_and_a_size()
    {
        var refused = await Post("persistentvolumeclaims", """{"metadata":{"name":"c"},"spec":{}}""");

        Invalid(refused, "PersistentVolumeClaim \"c\" is invalid: [spec.accessModes: Required value: at least 1 access mode is required, spec.resources[storage]: Required value]");
    }
}
