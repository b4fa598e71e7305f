using System.Globalization;
using ModelOperator.DevCluster.Controllers.Selection;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.DevCluster.Controllers.Disruption;

/// <summary>Counts what a PodDisruptionBudget can spare.</summary>
internal static class DisruptionPlanner
{
    /// <param name="budget">The budget.</param>
    /// <param name="pods">The pods of its namespace.</param>
    public static V1PodDisruptionBudgetStatus Plan(V1PodDisruptionBudget budget, IEnumerable<V1Pod> pods)
    {
        var selected = budget.Spec?.Selector is { } selector
            ? pods.Where(pod => !pod.HasEnded() && selector.Matches(pod.Metadata.Labels)).ToList()
            : [];
        var expected = selected.Count;
        var healthy = selected.Count(pod => pod.IsReady() && pod.Metadata.DeletionTimestamp is null);
        var desired = budget.Spec switch
        {
            { MinAvailable: { } least } => Resolve(least, expected),
            { MaxUnavailable: { } most } => Math.Max(0, expected - Resolve(most, expected)),
            _ => expected,
        };
        return new V1PodDisruptionBudgetStatus
        {
            ObservedGeneration = budget.Metadata.Generation,
            ExpectedPods = expected,
            DesiredHealthy = desired,
            CurrentHealthy = healthy,
            DisruptionsAllowed = expected == 0 ? 0 : Math.Max(0, healthy - desired),
        };
    }

    // Both bounds round up, as kube-controller-manager has it.
    private static int Resolve(IntstrIntOrString value, int total)
    {
        if (value.AsInteger() is { } number)
        {
            return number;
        }

        return int.TryParse(value.Value.AsSpan().TrimEnd('%'), NumberStyles.None, CultureInfo.InvariantCulture, out var percent)
            ? (int)Math.Ceiling(percent * total / 100m)
            : total;
    }
}
