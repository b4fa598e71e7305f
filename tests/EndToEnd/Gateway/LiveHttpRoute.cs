using System.Text.Json.Nodes;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.EndToEnd.Tests.Gateway;

/// <summary>An HTTPRoute as a Gateway's controller sees it: all that is in it, and nothing that the operator's own types would add.</summary>
[KubernetesEntity(Group = "gateway.networking.k8s.io", ApiVersion = "v1", Kind = "HTTPRoute", PluralName = "httproutes")]
internal sealed class LiveHttpRoute : IKubernetesObject<V1ObjectMeta>
{
    public string? ApiVersion { get; set; }

    public string? Kind { get; set; }

    public V1ObjectMeta Metadata { get; set; } = new();

    public JsonObject? Spec { get; set; }

    public JsonObject? Status { get; set; }

    /// <summary>Header, service and percent of what the rules do, for example <c>x-beta -> r2 | r1 90, r2 10 | copy 100 to r2</c>.</summary>
    public string Describe()
    {
        var rules = Spec!["rules"]!.AsArray().Select(rule => rule!).ToList();
        var parts = rules.Select(rule => string.Join(" or ", Headers(rule)) is { Length: > 0 } headers
            ? $"{headers} -> {string.Join(", ", Backends(rule).Select(backend => Short(backend["name"])))}"
            : string.Join(", ", Backends(rule).Select(backend => $"{Short(backend["name"])} {backend["weight"]}")));
        var copies = rules.SelectMany(Filters).Where(filter => (string?)filter["type"] == "RequestMirror").Select(filter => filter["requestMirror"]!)
            .Select(mirror => $"copy {mirror["percent"] ?? 100} to {Short(mirror["backendRef"]!["name"])}");
        return string.Join(" | ", parts.Concat(copies));
    }

    public static IEnumerable<JsonNode> Filters(JsonNode rule) => rule["filters"]?.AsArray().Select(filter => filter!) ?? [];

    private static IEnumerable<JsonNode> Backends(JsonNode rule) => rule["backendRefs"]?.AsArray().Select(backend => backend!) ?? [];

    private static IEnumerable<string> Headers(JsonNode rule) =>
        rule["matches"]!.AsArray().SelectMany(match => match!["headers"]?.AsArray() ?? []).Select(header => (string)header!["name"]!);

    private static string Short(JsonNode? service) => ((string)service!).Split('-')[^1];
}
