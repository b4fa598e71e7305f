using ModelOperator.Kubernetes.Models;

namespace ModelOperator.DevCluster.Controllers.Scheduling;

/// <summary>Amounts of resources by name.</summary>
internal sealed class ResourceAmounts
{
    private readonly Dictionary<string, decimal> _amounts = new(StringComparer.Ordinal);

    /// <summary>The names that have an amount, in order.</summary>
    public IEnumerable<string> Names => _amounts.Keys.Order(StringComparer.Ordinal);

    public decimal this[string name] => _amounts.GetValueOrDefault(name);

    /// <summary>
    /// What a pod takes: the sum of its containers and sidecars or, if greater, its greediest init container with the sidecars before it, and
    /// one of <c>pods</c>. What has a limit but no request requests its limit.
    /// </summary>
    public static ResourceAmounts RequestedBy(V1Pod pod)
    {
        var total = new ResourceAmounts();
        foreach (var container in pod.Spec?.Containers ?? [])
        {
            total.Add(Requests(container));
        }

        var sidecars = new ResourceAmounts();
        var peak = new ResourceAmounts();
        foreach (var init in pod.Spec?.InitContainers ?? [])
        {
            var now = new ResourceAmounts();
            now.Add(sidecars);
            now.Add(Requests(init));
            peak.Raise(now);
            if (init.RestartPolicy == "Always")
            {
                sidecars = now;
            }
        }

        total.Add(sidecars);
        total.Raise(peak);
        total._amounts["pods"] = 1;
        return total;
    }

    /// <summary>What a node has for pods.</summary>
    public static ResourceAmounts AllocatableOf(V1Node node)
    {
        var amounts = new ResourceAmounts();
        amounts.Set(node.Status?.Allocatable ?? node.Status?.Capacity);
        return amounts;
    }

    public void Add(ResourceAmounts other)
    {
        foreach (var (name, amount) in other._amounts)
        {
            _amounts[name] = this[name] + amount;
        }
    }

    /// <summary>Takes the greater of both, name by name.</summary>
    private void Raise(ResourceAmounts other)
    {
        foreach (var (name, amount) in other._amounts)
        {
            _amounts[name] = Math.Max(this[name], amount);
        }
    }

    private static ResourceAmounts Requests(V1Container container)
    {
        var amounts = new ResourceAmounts();
        amounts.Set(container.Resources?.Limits);
        amounts.Set(container.Resources?.Requests);
        return amounts;
    }

    private void Set(IDictionary<string, string>? quantities)
    {
        foreach (var (name, quantity) in quantities ?? new Dictionary<string, string>())
        {
            if (ResourceQuantity.TryParse(quantity, out var amount))
            {
                _amounts[name] = amount.Value;
            }
        }
    }
}
