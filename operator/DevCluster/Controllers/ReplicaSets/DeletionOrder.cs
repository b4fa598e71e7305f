using System.Globalization;
using ModelOperator.DevCluster.Controllers.Selection;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.DevCluster.Controllers.ReplicaSets;

/// <summary>
/// Which pod goes first when there are too many, as kube-controller-manager ranks them: not bound before bound, pending before running,
/// not ready before ready, cheaper before dearer (<c>controller.kubernetes.io/pod-deletion-cost</c>), ready for a short time
/// before a long one, often restarted before seldom, young before old.
/// </summary>
internal sealed class DeletionOrder : IComparer<V1Pod>
{
    private const string CostAnnotation = "controller.kubernetes.io/pod-deletion-cost";

    private readonly DateTimeOffset _now;

    private DeletionOrder(DateTimeOffset now) => _now = now;

    public static DeletionOrder At(DateTimeOffset now) => new(now);

    public int Compare(V1Pod? x, V1Pod? y)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        return Rank(x).CompareTo(Rank(y));
    }

    // Smaller goes first.
    private (bool, int, bool, int, TimeSpan, int, TimeSpan, string) Rank(V1Pod pod)
    {
        var readyFor = pod.ReadyCondition() is { Status: "True", LastTransitionTime: { } since } ? _now - since : TimeSpan.Zero;
        var restarts = (pod.Status?.ContainerStatuses ?? []).Select(c => c.RestartCount ?? 0).DefaultIfEmpty().Max();
        var age = _now - (pod.Metadata.CreationTimestamp ?? _now.UtcDateTime);
        return (
            pod.Spec?.NodeName is { Length: > 0 },
            pod.Status?.Phase switch { "Running" => 2, "Unknown" => 1, _ => 0 },
            pod.IsReady(),
            Cost(pod),
            readyFor,
            -restarts,
            age,
            pod.Metadata.Name ?? "");
    }

    private static int Cost(V1Pod pod) =>
        pod.GetAnnotation(CostAnnotation) is { } text && int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var cost) ? cost : 0;
}
