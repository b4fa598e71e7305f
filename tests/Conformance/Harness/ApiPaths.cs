namespace ModelOperator.Conformance.Tests.Harness;

/// <summary>Writes <c>deployments/web/scale</c> out in full.</summary>
internal static class ApiPaths
{
    private static readonly Dictionary<string, string> Groups = new()
    {
        ["deployments"] = "apps/v1",
        ["replicasets"] = "apps/v1",
        ["jobs"] = "batch/v1",
        ["cronjobs"] = "batch/v1",
        ["horizontalpodautoscalers"] = "autoscaling/v2",
        ["poddisruptionbudgets"] = "policy/v1",
        ["endpointslices"] = "discovery.k8s.io/v1",
        ["leases"] = "coordination.k8s.io/v1",
        ["roles"] = "rbac.authorization.k8s.io/v1",
        ["rolebindings"] = "rbac.authorization.k8s.io/v1",
        ["ingresses"] = "networking.k8s.io/v1",
        ["networkpolicies"] = "networking.k8s.io/v1",
    };

    /// <summary>The path of a built-in resource in a namespace; an absolute path stays as it is.</summary>
    public static string Resolve(string path, string ns)
    {
        if (path.StartsWith('/'))
        {
            return path;
        }

        var resource = path.Split('/', '?')[0];
        var root = Groups.TryGetValue(resource, out var group) ? $"/apis/{group}" : "/api/v1";
        return $"{root}/namespaces/{ns}/{path}";
    }
}
