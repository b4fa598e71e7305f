using System.Globalization;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.DevCluster.Node.Containers;

/// <summary>The resources of a container that it may ask for (the downward API).</summary>
/// <param name="allocatable">What the node has: it stands for a limit that is not set.</param>
internal sealed class ResourceFields(IReadOnlyDictionary<string, string> allocatable)
{
    /// <summary>The value in units of the divisor, rounded up.</summary>
    /// <exception cref="ContainerConfigException">There is no such container or resource.</exception>
    public string Resolve(V1ResourceFieldSelector selector, V1Pod pod, V1Container? self)
    {
        var container = selector.ContainerName is { Length: > 0 } name
            ? pod.Spec!.Containers.Concat(pod.Spec.InitContainers ?? []).FirstOrDefault(c => c.Name == name)
            : self;
        if (container is null)
        {
            throw new ContainerConfigException($"container {selector.ContainerName} not found");
        }

        var (kind, resource) = selector.Resource.Split('.', 2) is [var first, var second] ? (first, second) : ("", "");
        var text = kind switch
        {
            "limits" => Find(container.Resources?.Limits, resource) ?? allocatable.GetValueOrDefault(resource) ?? "0",
            "requests" => Find(container.Resources?.Requests, resource) ?? "0",
            _ => throw new ContainerConfigException($"unsupported container resource : {selector.Resource}"),
        };
        var divisor = ResourceQuantity.TryParse(selector.Divisor, out var unit) && unit.Value > 0 ? unit.Value : 1;
        return decimal.Ceiling(ResourceQuantity.Parse(text).Value / divisor).ToString(CultureInfo.InvariantCulture);
    }

    private static string? Find(IDictionary<string, string>? amounts, string resource) =>
        amounts is not null && amounts.TryGetValue(resource, out var amount) ? amount : null;
}
