using System.Globalization;
using ModelOperator.DevCluster.Controllers.Selection;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.DevCluster.Controllers.Jobs;

/// <summary>What the job controller asks about a pod.</summary>
internal static class JobPods
{
    /// <summary>Keeps a pod until its end is counted.</summary>
    public const string TrackingFinalizer = "batch.kubernetes.io/job-tracking";

    public const string IndexName = "batch.kubernetes.io/job-completion-index";

    public static bool IsTracked(this V1Pod pod) => pod.Metadata.Finalizers?.Contains(TrackingFinalizer) == true;

    public static bool HasSucceeded(this V1Pod pod) => pod.Status?.Phase == "Succeeded";

    /// <summary>Deleted but not ended.</summary>
    public static bool IsTerminating(this V1Pod pod) => !pod.HasEnded() && pod.Metadata.DeletionTimestamp is not null;

    /// <summary>Counts as failed: by its phase or, where the job does not wait for that, because it was deleted.</summary>
    public static bool HasFailedFor(this V1Pod pod, Job job) =>
        pod.Status?.Phase == "Failed"
        || (job.Spec.PodReplacementPolicy != "Failed" && pod.Metadata.DeletionTimestamp is not null && !pod.HasSucceeded());

    /// <summary>Its completion index; null when it has none below the job's completions.</summary>
    public static int? IndexIn(this V1Pod pod, Job job) =>
        pod.Metadata.Annotations is { } annotations
        && annotations.TryGetValue(IndexName, out var text)
        && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var index)
        && index < (job.Spec.Completions ?? 0)
            ? index
            : null;

    /// <summary>When its last container ended; without one, when it stopped being ready, was deleted or made.</summary>
    public static DateTimeOffset FinishedAt(this V1Pod pod)
    {
        var ends = (pod.Status?.ContainerStatuses ?? []).Select(c => c.State?.Terminated?.FinishedAt).ToList();
        var at = ends.Count > 0 && ends.TrueForAll(e => e is not null)
            ? ends.Max()
            : pod.ReadyCondition() is { Status: "False", LastTransitionTime: { } unready }
                ? unready
                : pod.Metadata.DeletionTimestamp ?? pod.Metadata.CreationTimestamp;
        return new DateTimeOffset(at ?? default, TimeSpan.Zero);
    }

    /// <summary>How often the containers of the pods that run have restarted.</summary>
    public static int Restarts(this IEnumerable<V1Pod> pods) => pods
        .Where(p => p.Status?.Phase is "Running" or "Pending")
        .Sum(p => (p.Status!.InitContainerStatuses ?? []).Concat(p.Status.ContainerStatuses ?? []).Sum(c => c.RestartCount ?? 0));
}
