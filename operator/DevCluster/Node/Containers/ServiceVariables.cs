using ModelOperator.Kubernetes.Models;

namespace ModelOperator.DevCluster.Node.Containers;

/// <summary>The variables that tell a container where the Services of its namespace are.</summary>
internal static class ServiceVariables
{
    /// <summary><c>NAME_SERVICE_HOST</c>, <c>NAME_SERVICE_PORT</c> and their kin for every Service with a cluster address.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Of(IEnumerable<V1Service> services) =>
        services.Where(s => s.Spec?.ClusterIP is { Length: > 0 } and not "None").OrderBy(s => s.Metadata.Name, StringComparer.Ordinal).SelectMany(Of);

    private static IEnumerable<KeyValuePair<string, string>> Of(V1Service service)
    {
        var address = service.Spec!.ClusterIP!;
        var prefix = VariableName(service.Metadata.Name ?? "");
        yield return new($"{prefix}_SERVICE_HOST", address);
        var isFirst = true;
        foreach (var port in service.Spec.Ports ?? [])
        {
            var protocol = port.Protocol ?? "TCP";
            var url = $"{protocol.ToLowerInvariant()}://{address}:{port.Port}";
            if (isFirst)
            {
                isFirst = false;
                yield return new($"{prefix}_SERVICE_PORT", $"{port.Port}");
                yield return new($"{prefix}_PORT", url);
            }

            if (port.Name is { Length: > 0 } name)
            {
                yield return new($"{prefix}_SERVICE_PORT_{VariableName(name)}", $"{port.Port}");
            }

            var portPrefix = $"{prefix}_PORT_{port.Port}_{protocol}";
            yield return new(portPrefix, url);
            yield return new($"{portPrefix}_PROTO", protocol.ToLowerInvariant());
            yield return new($"{portPrefix}_PORT", $"{port.Port}");
            yield return new($"{portPrefix}_ADDR", address);
        }
    }

    private static string VariableName(string name) => name.ToUpperInvariant().Replace('-', '_');
}
