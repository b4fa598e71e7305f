using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Json;
using ModelOperator.DevCluster.ApiServer.Kinds.Strategies;
using ModelOperator.DevCluster.ApiServer.Schemas;
using ModelOperator.DevCluster.ApiServer.Validation;

namespace ModelOperator.DevCluster.ApiServer.Kinds;

/// <summary>The defaults and rules of kinds that the cluster stores and shows, but leaves to others to act on.</summary>
internal static class StoredKinds
{
    private static readonly (string, string)[] WebhookDefaults =
    [
        ("webhooks[].failurePolicy", "\"Fail\""),
        ("webhooks[].matchPolicy", "\"Equivalent\""),
        ("webhooks[].namespaceSelector", "{}"),
        ("webhooks[].objectSelector", "{}"),
        ("webhooks[].timeoutSeconds", "10"),
        ("webhooks[].rules[].scope", "\"*\""),
        ("webhooks[].clientConfig.service.port", "443"),
    ];

    public static KindStrategy DisruptionBudget { get; } = new DeclaredStrategy
    {
        InitialStatus = """{"disruptionsAllowed":0,"currentHealthy":0,"desiredHealthy":0,"expectedPods":0}""",
        AtLeast = [("spec.minAvailable", 0), ("spec.maxUnavailable", 0)],
        Supported = [("spec.unhealthyPodEvictionPolicy", ["AlwaysAllow", "IfHealthyBudget"])],
        Rule = (obj, _) => obj.At("spec", "minAvailable") is not null && obj.At("spec", "maxUnavailable") is not null
            ? FieldError.Invalid("spec", ValueText.Of(obj["spec"]), "minAvailable and maxUnavailable cannot be both set")
            : null,
    };

    public static KindStrategy VolumeClaim { get; } = new DeclaredStrategy
    {
        InitialStatus = """{"phase":"Pending"}""",
        Defaults = [("spec.volumeMode", "\"Filesystem\"")],
        Required =
        [
            ("spec.accessModes", "at least 1 access mode is required"),
        ],
        Rule = (obj, _) => obj.StringAt("spec", "resources", "requests", "storage") is null ? FieldError.Required("spec.resources[storage]") : null,
    };

    public static KindStrategy Autoscaler { get; } = new DeclaredStrategy
    {
        InitialStatus = """{"currentMetrics":null,"desiredReplicas":0}""",
        Defaults =
        [
            ("spec.minReplicas", "1"),
            ("spec.metrics", """[{"type":"Resource","resource":{"name":"cpu","target":{"type":"Utilization","averageUtilization":80}}}]"""),
            ("spec.behavior.scaleUp", "{}"),
            ("spec.behavior.scaleDown", "{}"),
            ("spec.behavior.scaleUp.stabilizationWindowSeconds", "0"),
            ("spec.behavior.scaleUp.selectPolicy", "\"Max\""),
            ("spec.behavior.scaleUp.policies", """[{"type":"Pods","value":4,"periodSeconds":15},{"type":"Percent","value":100,"periodSeconds":15}]"""),
            ("spec.behavior.scaleDown.selectPolicy", "\"Max\""),
            ("spec.behavior.scaleDown.policies", """[{"type":"Percent","value":100,"periodSeconds":15}]"""),
        ],
        Required =
        [
            ("spec.scaleTargetRef.kind", ""),
            ("spec.scaleTargetRef.name", ""),
        ],
        AtLeast = [("spec.minReplicas", 1), ("spec.maxReplicas", 1)],
        Rule = (obj, _) => obj.IntegerAt("spec", "maxReplicas") < obj.IntegerAt("spec", "minReplicas")
            ? FieldError.Invalid("spec.maxReplicas", ValueText.Of(obj.At("spec", "maxReplicas")), "must be greater than or equal to `minReplicas`")
            : null,
    };

    public static KindStrategy CronJob { get; } = new CronJobStrategy
    {
        InitialStatus = "{}",
        Defaults =
        [
            ("spec.concurrencyPolicy", "\"Allow\""),
            ("spec.suspend", "false"),
            ("spec.successfulJobsHistoryLimit", "3"),
            ("spec.failedJobsHistoryLimit", "1"),
        ],
        Required =
        [
            ("spec.schedule", ""),
        ],
        Supported = [("spec.concurrencyPolicy", ["Allow", "Forbid", "Replace"])],
    };

    public static KindStrategy Ingress { get; } = new DeclaredStrategy
    {
        InitialStatus = """{"loadBalancer":{}}""",
        Required =
        [
            ("spec.rules[].http.paths", ""),
            ("spec.rules[].http.paths[].pathType", ""),
        ],
        Supported = [("spec.rules[].http.paths[].pathType", ["Exact", "ImplementationSpecific", "Prefix"])],
    };

    public static KindStrategy NetworkPolicy { get; } = new NetworkPolicyStrategy
    {
        Defaults = [("spec.ingress[].ports[].protocol", "\"TCP\""), ("spec.egress[].ports[].protocol", "\"TCP\"")],
        Supported =
        [
            ("spec.ingress[].ports[].protocol", ["SCTP", "TCP", "UDP"]),
            ("spec.egress[].ports[].protocol", ["SCTP", "TCP", "UDP"]),
        ],
    };

    public static KindStrategy StorageClass { get; } = new DeclaredStrategy
    {
        Defaults = [("reclaimPolicy", "\"Delete\""), ("volumeBindingMode", "\"Immediate\"")],
        Required =
        [
            ("provisioner", ""),
        ],
        Immutable = ["provisioner", "parameters", "reclaimPolicy", "volumeBindingMode"],
        Supported = [("reclaimPolicy", ["Delete", "Retain"]), ("volumeBindingMode", ["Immediate", "WaitForFirstConsumer"])],
    };

    public static KindStrategy RoleBinding { get; } = new DeclaredStrategy
    {
        Defaults = [("roleRef.apiGroup", "\"rbac.authorization.k8s.io\"")],
        Required =
        [
            ("roleRef.name", ""),
            ("subjects[].name", ""),
        ],
        Supported = [("roleRef.kind", ["ClusterRole", "Role"])],
        Rule = (obj, old) => old is null || JsonNode.DeepEquals(obj["roleRef"], old["roleRef"])
            ? null
            : FieldError.Invalid("roleRef", ValueText.Of(obj["roleRef"]), "cannot change roleRef"),
    };

    public static KindStrategy Role { get; } = new DeclaredStrategy
    {
        Required = [("rules[].verbs", "verbs must contain at least one value")],
    };

    public static KindStrategy Lease { get; } = new DeclaredStrategy
    {
        Positive = ["spec.leaseDurationSeconds"],
        AtLeast = [("spec.leaseTransitions", 0)],
    };

    public static KindStrategy EndpointSlice { get; } = new DeclaredStrategy
    {
        Defaults = [("endpoints[].conditions", "{}"), ("ports[].name", "\"\""), ("ports[].protocol", "\"TCP\"")],
        Required = [("addressType", "")],
        Immutable = ["addressType"],
        Rule = EndpointAddress,
        Supported = [("addressType", ["FQDN", "IPv4", "IPv6"]), ("ports[].protocol", ["SCTP", "TCP", "UDP"])],
    };

    public static KindStrategy Event { get; } = new DeclaredStrategy
    {
        Rule = (obj, _) => obj.StringAt("involvedObject", "namespace") is { Length: > 0 } about && about != obj.NamespaceName()
            ? FieldError.Invalid("involvedObject.namespace", ValueText.Of(about), "does not match event.namespace")
            : null,
        Defaults = [("source", "{}"), ("reportingComponent", "\"\""), ("reportingInstance", "\"\"")],
    };

    public static KindStrategy MutatingWebhooks { get; } = Webhooks([.. WebhookDefaults, ("webhooks[].reinvocationPolicy", "\"Never\"")]);

    public static KindStrategy ValidatingWebhooks { get; } = Webhooks(WebhookDefaults);

    private static WebhookConfigurationStrategy Webhooks((string, string)[] defaults) => new()
    {
        Defaults = defaults,
        Required =
        [
            ("webhooks[].name", ""),
            ("webhooks[].sideEffects", "must specify one of None, NoneOnDryRun"),
            ("webhooks[].admissionReviewVersions", "must specify one of v1, v1beta1"),
            ("webhooks[].rules[].operations", ""),
            ("webhooks[].rules[].apiGroups", ""),
            ("webhooks[].rules[].apiVersions", ""),
            ("webhooks[].rules[].resources", ""),
        ],
        Supported =
        [
            ("webhooks[].failurePolicy", ["Fail", "Ignore"]),
            ("webhooks[].matchPolicy", ["Equivalent", "Exact"]),
            ("webhooks[].sideEffects", ["None", "NoneOnDryRun"]),
            ("webhooks[].reinvocationPolicy", ["IfNeeded", "Never"]),
            ("webhooks[].rules[].scope", ["*", "Cluster", "Namespaced"]),
        ],
        AtLeast = [("webhooks[].timeoutSeconds", 1)],
    };

    private static FieldError? EndpointAddress(JsonObject slice, JsonObject? old)
    {
        var endpoints = slice.StringAt("addressType") == "FQDN" ? [] : slice.ArrayAt("endpoints") ?? [];
        for (var i = 0; i < endpoints.Count; i++)
        {
            var addresses = endpoints[i].ArrayAt("addresses") ?? [];
            for (var j = 0; j < addresses.Count; j++)
            {
                if (!System.Net.IPAddress.TryParse(addresses[j].StringOrNull(), out _))
                {
                    return FieldError.Invalid(
                        $"endpoints[{i}].addresses[{j}]", ValueText.Of(addresses[j]), "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)");
                }
            }
        }

        return null;
    }
}
