using ModelOperator.Api.Conventions;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Api.Pods;

/// <summary>Why a pod is not ready, in one sentence.</summary>
/// <param name="Message">The sentence, without a full stop.</param>
/// <param name="IsFailure">Whether something is wrong, rather than under way.</param>
public sealed record PodDiagnosis(string Message, bool IsFailure)
{
    private const int MaxDetail = 400;
    private const int KilledExitCode = 128 + 9;

    /// <summary>Whether a pod is ready and not on its way out.</summary>
    public static bool IsReady(V1Pod pod) => pod.Metadata.DeletionTimestamp is null && ConditionOf(pod, "Ready") is { Status: "True" };

    /// <summary>The most telling sentence about pods that are not ready: a failure before a start. Null when all are ready.</summary>
    public static PodDiagnosis? Of(IEnumerable<V1Pod> pods) => pods
        .Where(pod => pod.Metadata.DeletionTimestamp is null)
        .OrderBy(pod => pod.Metadata.Name, StringComparer.Ordinal)
        .Select(Of)
        .OfType<PodDiagnosis>()
        .OrderByDescending(diagnosis => diagnosis.IsFailure)
        .FirstOrDefault();

    /// <summary>Why a pod is not ready; null when it is.</summary>
    public static PodDiagnosis? Of(V1Pod pod)
    {
        if (IsReady(pod))
        {
            return null;
        }

        if (ConditionOf(pod, "PodScheduled") is { Status: "False" } scheduled)
        {
            return new PodDiagnosis($"{scheduled.Reason ?? "Unschedulable"}: {Detail(scheduled.Message)}", IsFailure: true);
        }

        foreach (var status in (pod.Status?.InitContainerStatuses ?? []).Concat(pod.Status?.ContainerStatuses ?? []))
        {
            if (OfContainer(pod, status) is { } diagnosis)
            {
                return diagnosis;
            }
        }

        if (pod.Status is { Phase: "Failed" } failed)
        {
            return new PodDiagnosis($"the pod failed: {Detail(failed.Message ?? failed.Reason)}", IsFailure: true);
        }

        var running = (pod.Status?.ContainerStatuses ?? []).Any(status => status.State?.Running is not null);
        return new PodDiagnosis(running ? "the model is loading" : "the pod is starting", IsFailure: false);
    }

    private static PodDiagnosis? OfContainer(V1Pod pod, V1ContainerStatus status)
    {
        var waiting = status.State?.Waiting;
        switch (waiting?.Reason)
        {
            case "ErrImagePull" or "ImagePullBackOff" or "InvalidImageName" or "ErrImageNeverPull":
                return new PodDiagnosis($"{waiting.Reason}: {Detail(waiting.Message ?? $"image {ImageOf(pod, status)} cannot be pulled", ImageOf(pod, status))}", IsFailure: true);
            case "CreateContainerConfigError" or "CreateContainerError" or "RunContainerError":
                return new PodDiagnosis($"{waiting.Reason}: {Detail(waiting.Message)}", IsFailure: true);
        }

        var ended = status.State?.Terminated ?? (waiting is not null ? status.LastState?.Terminated : null);
        if (ended is null && status.State?.Running is not null && status.RestartCount > 0)
        {
            // It runs again, but what it died of is worth more to the reader than that.
            ended = status.LastState?.Terminated;
        }

        return ended is { ExitCode: not 0 } or { Reason: "OOMKilled" } ? OfEnd(status.Name, ended) : null;
    }

    private static PodDiagnosis OfEnd(string container, V1ContainerStateTerminated ended)
    {
        if (ended.Reason == "OOMKilled")
        {
            return new PodDiagnosis($"OOMKilled: container {container} needs more memory than its limit", IsFailure: true);
        }

        if (ended.ExitCode == KilledExitCode)
        {
            // Whatever it said last is not what it died of.
            return new PodDiagnosis($"container {container} was killed by SIGKILL (exit code {KilledExitCode})", IsFailure: true);
        }

        var what = container == ContainerNames.Fetch ? "fetching the model failed" : $"container {container} exited with code {ended.ExitCode}";
        return new PodDiagnosis(string.IsNullOrWhiteSpace(ended.Message) ? what : $"{what}: {Detail(ended.Message)}", IsFailure: true);
    }

    private static string? ImageOf(V1Pod pod, V1ContainerStatus status) => (pod.Spec?.InitContainers ?? [])
        .Concat(pod.Spec?.Containers ?? [])
        .FirstOrDefault(container => container.Name == status.Name)?.Image ?? status.Image;

    private static V1PodCondition? ConditionOf(V1Pod pod, string type) => pod.Status?.Conditions?.FirstOrDefault(condition => condition.Type == type);

    // Messages can be whole logs: the end tells most, on one line.
    private static string Detail(string? message, string? mustName = null)
    {
        var text = string.Join(' ', (message ?? "").Split((char[])['\r', '\n', '\t', ' '], StringSplitOptions.RemoveEmptyEntries)).TrimEnd('.');
        text = text.Length > MaxDetail ? "..." + text[^MaxDetail..] : text;
        return mustName is not null && !text.Contains(mustName, StringComparison.Ordinal) ? $"{mustName}: {text}" : text.Length == 0 ? "no reason was given" : text;
    }
}
