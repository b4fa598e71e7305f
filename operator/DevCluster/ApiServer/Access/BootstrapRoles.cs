using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Json;

namespace ModelOperator.DevCluster.ApiServer.Access;

/// <summary>The roles for people that every cluster begins with. What is installed adds to them by their aggregation labels.</summary>
internal static class BootstrapRoles
{
    private const string AggregateTo = "rbac.authorization.k8s.io/aggregate-to-";
    private const string Read = """["get","list","watch"]""";
    private const string Write = """["create","delete","deletecollection","patch","update"]""";

    private const string Workloads = """
        {"apiGroups":[""],"resources":["configmaps","endpoints","events","persistentvolumeclaims","pods","pods/log","serviceaccounts","services"],"verbs":VERBS},
        {"apiGroups":["apps"],"resources":["deployments","deployments/scale","replicasets","replicasets/scale"],"verbs":VERBS},
        {"apiGroups":["autoscaling"],"resources":["horizontalpodautoscalers"],"verbs":VERBS},
        {"apiGroups":["batch"],"resources":["cronjobs","jobs"],"verbs":VERBS},
        {"apiGroups":["discovery.k8s.io"],"resources":["endpointslices"],"verbs":VERBS},
        {"apiGroups":["networking.k8s.io"],"resources":["ingresses","networkpolicies"],"verbs":VERBS},
        {"apiGroups":["policy"],"resources":["poddisruptionbudgets"],"verbs":VERBS}
        """;

    public static IEnumerable<JsonObject> ClusterRoles { get; } =
    [
        Role("cluster-admin", "", """{"apiGroups":["*"],"resources":["*"],"verbs":["*"]},{"nonResourceURLs":["*"],"verbs":["*"]}"""),
        Role("system:basic-user", "", """
            {"apiGroups":["authentication.k8s.io"],"resources":["selfsubjectreviews"],"verbs":["create"]},
            {"apiGroups":["authorization.k8s.io"],"resources":["selfsubjectaccessreviews","selfsubjectrulesreviews"],"verbs":["create"]}
            """),
        Aggregated("admin", "admin", "edit", "view"),
        Aggregated("edit", "edit", "view"),
        Aggregated("view", "view"),
        Role("system:aggregate-to-admin", "admin", $$"""
            {"apiGroups":["rbac.authorization.k8s.io"],"resources":["roles","rolebindings"],"verbs":{{Read}}},
            {"apiGroups":["rbac.authorization.k8s.io"],"resources":["roles","rolebindings"],"verbs":{{Write}}},
            {"apiGroups":["authorization.k8s.io"],"resources":["localsubjectaccessreviews"],"verbs":["create"]}
            """),
        Role("system:aggregate-to-edit", "edit", $$"""
            {"apiGroups":[""],"resources":["secrets"],"verbs":{{Read}}},
            {"apiGroups":[""],"resources":["secrets"],"verbs":{{Write}}},
            {"apiGroups":[""],"resources":["serviceaccounts"],"verbs":["impersonate"]},
            {"apiGroups":[""],"resources":["pods/eviction","serviceaccounts/token"],"verbs":["create"]},
            """ + Workloads.Replace("VERBS", Write, StringComparison.Ordinal)),
        Role("system:aggregate-to-view", "view", """{"apiGroups":[""],"resources":["namespaces"],"verbs":["get","list","watch"]},"""
            + Workloads.Replace("VERBS", Read, StringComparison.Ordinal)),
    ];

    public static IEnumerable<JsonObject> ClusterRoleBindings { get; } =
        [Binding("cluster-admin", UserInfo.Masters), Binding("system:basic-user", UserInfo.Authenticated)];

    private static JsonObject Binding(string role, string group) => Parse($$"""
        {"metadata": {"name": "{{role}}"},
         "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "{{role}}"},
         "subjects": [{"apiGroup": "rbac.authorization.k8s.io", "kind": "Group", "name": "{{group}}"}]}
        """);

    private static JsonObject Role(string name, string aggregatesTo, string rules)
    {
        var role = Parse($$"""
            {"metadata": {"name": "{{name}}", "labels": {"kubernetes.io/bootstrapping": "rbac-defaults"} }, "rules": [{{rules}}]}
            """);
        if (aggregatesTo.Length > 0)
        {
            role.ObjectAt("metadata", "labels")![AggregateTo + aggregatesTo] = "true";
        }

        return role;
    }

    private static JsonObject Aggregated(string name, params IEnumerable<string> from)
    {
        var role = Parse($$"""{"metadata": {"name": "{{name}}", "labels": {"kubernetes.io/bootstrapping": "rbac-defaults"} } }""");
        role["aggregationRule"] = new JsonObject
        {
            ["clusterRoleSelectors"] = new JsonArray(
                [.. from.Select(label => new JsonObject { ["matchLabels"] = new JsonObject { [AggregateTo + label] = "true" } })]),
        };
        return role;
    }

    private static JsonObject Parse(string json) => (JsonObject)JsonNode.Parse(json)!;
}
