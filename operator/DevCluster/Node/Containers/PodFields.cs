using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.DevCluster.Node.Containers;

/// <summary>The fields of a pod that its containers may ask for (the downward API).</summary>
internal static partial class PodFields
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The value of a field path.</summary>
    /// <exception cref="ContainerConfigException">The downward API has no such field.</exception>
    public static string Resolve(string fieldPath, V1Pod pod, string podIP, string hostIP) => fieldPath switch
    {
        "metadata.name" => pod.Metadata.Name ?? "",
        "metadata.namespace" => pod.Metadata.NamespaceProperty ?? "",
        "metadata.uid" => pod.Metadata.Uid ?? "",
        "spec.nodeName" => pod.Spec?.NodeName ?? "",
        "spec.serviceAccountName" => pod.Spec?.ServiceAccountName ?? "",
        "status.podIP" or "status.podIPs" => podIP,
        "status.hostIP" or "status.hostIPs" => hostIP,
        "metadata.labels" => Lines(pod.Metadata.Labels),
        "metadata.annotations" => Lines(pod.Metadata.Annotations),
        _ when KeyedField().Match(fieldPath) is { Success: true } keyed =>
            (keyed.Groups["map"].Value == "labels" ? pod.Metadata.Labels : pod.Metadata.Annotations)
                is { } map && map.TryGetValue(keyed.Groups["key"].Value, out var value) ? value : "",
        _ => throw new ContainerConfigException($"unsupported fieldPath: {fieldPath}"),
    };

    private static string Lines(IDictionary<string, string>? map) => string.Join(
        '\n',
        (map ?? new Dictionary<string, string>()).OrderBy(e => e.Key, StringComparer.Ordinal).Select(e => $"{e.Key}={JsonSerializer.Serialize(e.Value, Readable)}"));

    [GeneratedRegex(@"^metadata\.(?<map>labels|annotations)\['(?<key>[^']+)'\]$")]
    private static partial Regex KeyedField();
}
