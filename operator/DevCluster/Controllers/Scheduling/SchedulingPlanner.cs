using ModelOperator.DevCluster.Controllers.Selection;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.DevCluster.Controllers.Scheduling;

/// <summary>Finds a node for a pod, and says it in kube-scheduler's words when there is none.</summary>
internal static class SchedulingPlanner
{
    /// <param name="pod">The pod without a node.</param>
    /// <param name="nodes">All nodes.</param>
    /// <param name="used">What is taken on a node.</param>
    public static Placement Place(V1Pod pod, IReadOnlyCollection<V1Node> nodes, Func<V1Node, ResourceAmounts> used)
    {
        if (nodes.Count == 0)
        {
            return new Placement(null, "no nodes available to schedule pods");
        }

        var requested = ResourceAmounts.RequestedBy(pod);
        var obstacles = new List<string>();
        var fitting = new List<(V1Node Node, decimal Load)>();
        foreach (var node in nodes)
        {
            var taken = used(node);
            var found = Obstacles(pod, node, requested, taken).ToList();
            obstacles.AddRange(found);
            if (found.Count == 0)
            {
                var cpu = ResourceAmounts.AllocatableOf(node)["cpu"];
                fitting.Add((node, cpu == 0 ? 0 : taken["cpu"] / cpu));
            }
        }

        if (fitting.Count > 0)
        {
            var best = fitting.OrderBy(f => f.Load).ThenBy(f => f.Node.Metadata.Name, StringComparer.Ordinal).First().Node;
            return new Placement(best.Metadata.Name, "");
        }

        var counted = obstacles
            .GroupBy(o => o)
            .Select(g => $"{g.Count()} {g.Key}")
            .Order(StringComparer.Ordinal);
        return new Placement(null, $"0/{nodes.Count} nodes are available: {string.Join(", ", counted)}.");
    }

    private static IEnumerable<string> Obstacles(V1Pod pod, V1Node node, ResourceAmounts requested, ResourceAmounts taken)
    {
        if (node.Spec?.Unschedulable == true)
        {
            yield return "node(s) were unschedulable";
            yield break;
        }

        if (node.Status?.Conditions?.FirstOrDefault(c => c.Type == "Ready") is not { Status: "True" })
        {
            yield return "node(s) were not ready";
            yield break;
        }

        if (pod.Spec?.NodeSelector is { Count: > 0 } selector && !Selectors.Matches(selector, node.Metadata.Labels))
        {
            yield return "node(s) didn't match Pod's node affinity/selector";
            yield break;
        }

        if ((node.Spec?.Taints ?? []).FirstOrDefault(t => t.Effect is "NoSchedule" or "NoExecute" && !IsTolerated(t, pod)) is { } taint)
        {
            yield return $"node(s) had untolerated taint {{{taint.Key}: {taint.Value}}}";
            yield break;
        }

        var allocatable = ResourceAmounts.AllocatableOf(node);
        foreach (var name in requested.Names)
        {
            if (requested[name] > 0 && requested[name] > allocatable[name] - taken[name])
            {
                yield return name == "pods" ? "Too many pods" : $"Insufficient {name}";
            }
        }
    }

    private static bool IsTolerated(V1Taint taint, V1Pod pod) => (pod.Spec?.Tolerations ?? []).Any(t =>
        (t.Effect is null or "" || t.Effect == taint.Effect)
        && (t.Key is null or "" ? t.OperatorProperty == "Exists" : t.Key == taint.Key)
        && (t.OperatorProperty == "Exists" || (t.Value ?? "") == (taint.Value ?? "")));
}
