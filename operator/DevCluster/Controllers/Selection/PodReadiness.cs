using ModelOperator.Kubernetes.Models;

namespace ModelOperator.DevCluster.Controllers.Selection;

/// <summary>What controllers ask about a pod.</summary>
internal static class PodReadiness
{
    /// <summary>Neither ended nor on its way out.</summary>
    public static bool IsActive(this V1Pod pod) => !pod.HasEnded() && pod.Metadata.DeletionTimestamp is null;

    public static bool HasEnded(this V1Pod pod) => pod.Status?.Phase is "Succeeded" or "Failed";

    public static bool IsReady(this V1Pod pod) => pod.ReadyCondition()?.Status == "True";

    /// <summary>Ready for at least <paramref name="minReadySeconds"/>.</summary>
    public static bool IsAvailable(this V1Pod pod, int minReadySeconds, DateTimeOffset now) => pod.AvailableAt(minReadySeconds) <= now;

    /// <summary>When a ready pod counts as available; null while it is not ready.</summary>
    public static DateTimeOffset? AvailableAt(this V1Pod pod, int minReadySeconds) =>
        pod.ReadyCondition() is { Status: "True" } ready
            ? minReadySeconds == 0 ? DateTimeOffset.MinValue : new DateTimeOffset(ready.LastTransitionTime ?? default, TimeSpan.Zero).AddSeconds(minReadySeconds)
            : null;

    public static V1PodCondition? ReadyCondition(this V1Pod pod) => pod.Status?.Conditions?.FirstOrDefault(c => c.Type == "Ready");
}
