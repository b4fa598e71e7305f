using System.Text.Json.Nodes;

namespace ModelOperator.Conformance.Tests.Harness;

/// <summary>Manifests that many tests start from. Their pods fit no node, so that they stay as a test makes them.</summary>
internal static class Manifests
{
    private const string PodSpec = """
        {"nodeSelector":{"conformance.example.com/node":"none"},"automountServiceAccountToken":false,"containers":[{"name":"main","image":"example.com/none:1"}]}
        """;

    public static string ConfigMap(string name, string data = "{}", string labels = "{}") =>
        $$$$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"{{{{name}}}}","labels":{{{{labels}}}}},"data":{{{{data}}}}}""";

    public static string Pod(string name, string labels = "{}") =>
        $$$$"""{"apiVersion":"v1","kind":"Pod","metadata":{"name":"{{{{name}}}}","labels":{{{{labels}}}}},"spec":{{{{PodSpec}}}}}""";

    public static string Deployment(string name, int replicas = 1) => Workload("Deployment", name, replicas);

    public static string ReplicaSet(string name, int replicas = 1) => Workload("ReplicaSet", name, replicas);

    public static string Service(string name) =>
        $$$$"""{"apiVersion":"v1","kind":"Service","metadata":{"name":"{{{{name}}}}"},"spec":{"selector":{"app":"{{{{name}}}}"},"ports":[{"name":"http","port":80}]}}""";

    public static string Job(string name) => $$$$"""
        {"apiVersion":"batch/v1","kind":"Job","metadata":{"name":"{{{{name}}}}"},
         "spec":{"template":{"spec":{{{{PodSpec}}}}}}}
        """.Replace("\"nodeSelector\"", "\"restartPolicy\":\"Never\",\"nodeSelector\"", StringComparison.Ordinal);

    /// <summary>The manifest with a value set at a path such as <c>spec.template.spec</c>.</summary>
    public static string With(this string manifest, string path, string json)
    {
        var root = JsonNode.Parse(manifest)!;
        var at = path.LastIndexOf('.');
        var parent = at < 0 ? root : Reply.At(root, path[..at])!;
        parent[path[(at + 1)..]] = JsonNode.Parse(json);
        return root.ToJsonString();
    }

    private static string Workload(string kind, string name, int replicas) => $$$$"""
        {"apiVersion":"apps/v1","kind":"{{{{kind}}}}","metadata":{"name":"{{{{name}}}}"},
         "spec":{"replicas":{{{{replicas}}}},"selector":{"matchLabels":{"app":"{{{{name}}}}"}},
                 "template":{"metadata":{"labels":{"app":"{{{{name}}}}"}},"spec":{{{{PodSpec}}}}}}}
        """;
}
