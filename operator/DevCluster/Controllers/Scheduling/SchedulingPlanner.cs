using ModelOperator.Kubernetes.Models;

namespace ModelOperator.DevCluster.Controllers.Scheduling;

/// <summary>Finds a node for a pod, and says it in kube-scheduler's words when there is none.</summary>
internal static class SchedulingPlanner
{
    /// <param name="pod">The pod without a node.</param>
    /// <param name="nodes">All nodes.</param>
    /// <param name="used">What is taken on a node.</param>
    /// <param name="claimOf">The state of a claim of the pod's namespace; null when there is no such claim.</param>
    public static Placement Place(
        V1Pod pod, IReadOnlyCollection<V1Node> nodes, Func<V1Node, ResourceAmounts> used, Func<string, ClaimState?> claimOf)
    {
        if (nodes.Count == 0)
        {
            return new Placement(null, "no nodes available to schedule pods");
        }

        var claims = (pod.Spec?.Volumes ?? []).Select(v => v.PersistentVolumeClaim?.ClaimName).OfType<string>();
        foreach (var claim in claims)
        {
            if (claimOf(claim) is not ClaimState.Bound and var state)
            {
                var reason = state is null ? $"persistentvolumeclaim \"{claim}\" not found" : "pod has unbound immediate PersistentVolumeClaims";
                return new Placement(null, $"0/{nodes.Count} nodes are available: {reason}. {Preemption(nodes.Count, nodes.Count, 0)}");
            }
        }

        var requested = ResourceAmounts.RequestedBy(pod);
        var obstacles = new List<string>();
        var (hopeless, full) = (0, 0);
        var fitting = new List<(V1Node Node, decimal Load)>();
        foreach (var node in nodes)
        {
            var taken = used(node);
            var found = Obstacles(pod, node, requested, taken).ToList();
            obstacles.AddRange(found.Select(o => o.Reason));
            hopeless += found.Exists(o => o.IsLasting) ? 1 : 0;
            full += found.Count > 0 && !found.Exists(o => o.IsLasting) ? 1 : 0;
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
        return new Placement(null, $"0/{nodes.Count} nodes are available: {string.Join(", ", counted)}. {Preemption(nodes.Count, hopeless, full)}");
    }

    /// <summary>Why nobody is driven out for it: this scheduler does not preempt, and says so as kube-scheduler does when it finds nobody.</summary>
    private static string Preemption(int nodes, int hopeless, int full)
    {
        var reasons = new List<string>();
        if (full > 0)
        {
            reasons.Add($"{full} No preemption victims found for incoming pod");
        }

        if (hopeless > 0)
        {
            reasons.Add($"{hopeless} Preemption is not helpful for scheduling");
        }

        return $"preemption: 0/{nodes} nodes are available: {string.Join(", ", reasons.Order(StringComparer.Ordinal))}.";
    }

    private static IEnumerable<(string Reason, bool IsLasting)> Obstacles(V1Pod pod, V1Node node, ResourceAmounts requested, ResourceAmounts taken)
    {
        if (node.Spec?.Unschedulable == true)
        {
            yield return ("node(s) were unschedulable", true);
            yield break;
        }

        if (node.Status?.Conditions?.FirstOrDefault(c => c.Type == "Ready") is not { Status: "True" })
        {
            yield return ("node(s) were not ready", true);
            yield break;
        }

        if (!NodeAffinity.Accepts(pod, node))
        {
            yield return ("node(s) didn't match Pod's node affinity/selector", true);
            yield break;
        }

        if ((node.Spec?.Taints ?? []).FirstOrDefault(t => t.Effect is "NoSchedule" or "NoExecute" && !IsTolerated(t, pod)) is { } taint)
        {
            yield return ($"node(s) had untolerated taint(s)", true);
            yield break;
        }

        var allocatable = ResourceAmounts.AllocatableOf(node);
        foreach (var name in requested.Names)
        {
            if (requested[name] > 0 && requested[name] > allocatable[name] - taken[name])
            {
                yield return (name == "pods" ? "Too many pods" : $"Insufficient {name}", requested[name] > allocatable[name]);
            }
        }
    }

    private static bool IsTolerated(V1Taint taint, V1Pod pod) => (pod.Spec?.Tolerations ?? []).Any(t =>
        (t.Effect is null or "" || t.Effect == taint.Effect)
        && (t.Key is null or "" ? t.OperatorProperty == "Exists" : t.Key == taint.Key)
        && (t.OperatorProperty == "Exists" || (t.Value ?? "") == (taint.Value ?? "")));
}
