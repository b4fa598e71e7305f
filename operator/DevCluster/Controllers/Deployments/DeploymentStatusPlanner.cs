using System.Collections.Immutable;
using ModelOperator.Kubernetes.Models;
using static ModelOperator.DevCluster.Controllers.Deployments.DeploymentView;

namespace ModelOperator.DevCluster.Controllers.Deployments;

/// <summary>The status of a Deployment, with the reasons that <c>kubectl rollout status</c> and kstatus read.</summary>
internal static class DeploymentStatusPlanner
{
    private const int DefaultProgressDeadlineSeconds = 600;

    public static (V1DeploymentStatus Status, DateTimeOffset? LookAgainAt) Plan(
        DeploymentView view, ImmutableArray<DeploymentAction> actions, DateTimeOffset now)
    {
        var status = Counts(view);
        var before = view.Deployment.Status?.Conditions ?? [];
        var available = Available(view, status);
        var progressing = Progressing(view, status, actions, now);
        status.Conditions =
        [
            Carry(available, before, now),
            .. progressing is null ? [] : new[] { Carry(progressing, before, now) },
            .. before.Where(c => c.Type is not ("Available" or "Progressing")),
        ];
        var deadline = progressing is { Status: "True", Reason: not "NewReplicaSetAvailable" } && DeadlineOf(view) is { } limit
            ? new DateTimeOffset(status.Conditions.First(c => c.Type == "Progressing").LastUpdateTime ?? now.UtcDateTime) + limit
            : (DateTimeOffset?)null;
        return (status, deadline + TimeSpan.FromSeconds(1));
    }

    /// <summary>Whether every wanted pod is of the new template and available, and no other is left.</summary>
    public static bool IsComplete(DeploymentView view) => IsComplete(view, Counts(view));

    private static bool IsComplete(DeploymentView view, V1DeploymentStatus status) =>
        view.New is not null
        && status.UpdatedReplicas == view.Replicas
        && status.Replicas == view.Replicas
        && status.AvailableReplicas == view.Replicas;

    private static V1DeploymentStatus Counts(DeploymentView view)
    {
        var available = view.All.Sum(r => r.Status?.AvailableReplicas ?? 0);
        return new V1DeploymentStatus
        {
            ObservedGeneration = view.Deployment.Metadata.Generation,
            Replicas = view.All.Sum(r => r.Status?.Replicas ?? 0),
            UpdatedReplicas = view.New?.Status?.Replicas ?? 0,
            ReadyReplicas = view.All.Sum(r => r.Status?.ReadyReplicas ?? 0),
            AvailableReplicas = available,
            UnavailableReplicas = Math.Max(0, view.All.Sum(SizeOf) - available),
            CollisionCount = view.Deployment.Status?.CollisionCount,
        };
    }

    private static V1DeploymentCondition Available(DeploymentView view, V1DeploymentStatus status) =>
        status.AvailableReplicas >= view.Replicas - RollingLimits.Of(view.Spec).MaxUnavailable
            ? Condition("Available", "True", "MinimumReplicasAvailable", "Deployment has minimum availability.")
            : Condition("Available", "False", "MinimumReplicasUnavailable", "Deployment does not have minimum availability.");

    private static V1DeploymentCondition? Progressing(
        DeploymentView view, V1DeploymentStatus status, ImmutableArray<DeploymentAction> actions, DateTimeOffset now)
    {
        var before = view.Deployment.Status?.Conditions?.FirstOrDefault(c => c.Type == "Progressing");
        if (view.Spec.Paused == true)
        {
            return before is { Reason: "ProgressDeadlineExceeded" } ? before : Condition("Progressing", "Unknown", "DeploymentPaused", "Deployment is paused");
        }

        if (DeadlineOf(view) is not { } deadline)
        {
            return null;
        }

        if (actions.OfType<DeploymentAction.Create>().FirstOrDefault() is { } create)
        {
            return Condition("Progressing", "True", "NewReplicaSetCreated", $"Created new replica set \"{create.ReplicaSet.Metadata.Name}\"");
        }

        var name = view.New?.Metadata.Name ?? view.Deployment.Metadata.Name;
        if (IsComplete(view, status))
        {
            return Condition("Progressing", "True", "NewReplicaSetAvailable", $"ReplicaSet \"{name}\" has successfully progressed.");
        }

        // Pods that fail after a rollout has completed are not a rollout.
        if (before is { Reason: "NewReplicaSetAvailable" } && status.Replicas == status.UpdatedReplicas && IsSettled(view))
        {
            return before;
        }

        if (before is null || HasProgressed(view.Deployment.Status, status) || before.Reason is "NewReplicaSetAvailable" or "DeploymentPaused")
        {
            return Condition("Progressing", "True", "ReplicaSetUpdated", $"ReplicaSet \"{name}\" is progressing.", now);
        }

        var since = new DateTimeOffset(before.LastUpdateTime ?? now.UtcDateTime);
        return before.Status == "True" && since + deadline < now
            ? Condition("Progressing", "False", "ProgressDeadlineExceeded", $"ReplicaSet \"{name}\" has timed out progressing.")
            : before;
    }

    /// <summary>Nothing is left to roll: every old ReplicaSet is empty and the new one has its size.</summary>
    private static bool IsSettled(DeploymentView view) =>
        view.New is not null && SizeOf(view.New) == view.Replicas && view.Old.All(r => SizeOf(r) == 0);

    private static bool HasProgressed(V1DeploymentStatus? before, V1DeploymentStatus now) =>
        now.UpdatedReplicas > (before?.UpdatedReplicas ?? 0)
        || now.Replicas - now.UpdatedReplicas < (before?.Replicas ?? 0) - (before?.UpdatedReplicas ?? 0)
        || now.ReadyReplicas > (before?.ReadyReplicas ?? 0)
        || now.AvailableReplicas > (before?.AvailableReplicas ?? 0);

    private static TimeSpan? DeadlineOf(DeploymentView view)
    {
        var seconds = view.Spec.ProgressDeadlineSeconds ?? DefaultProgressDeadlineSeconds;
        return seconds == int.MaxValue ? null : TimeSpan.FromSeconds(seconds);
    }

    /// <summary>Keeps the times of what has not changed.</summary>
    private static V1DeploymentCondition Carry(V1DeploymentCondition condition, IList<V1DeploymentCondition> before, DateTimeOffset now)
    {
        var old = before.FirstOrDefault(c => c.Type == condition.Type);
        var time = now.UtcDateTime.AddTicks(-(now.UtcDateTime.Ticks % TimeSpan.TicksPerSecond));
        var isSame = old is not null && old.Status == condition.Status && old.Reason == condition.Reason;
        return new V1DeploymentCondition
        {
            Type = condition.Type,
            Status = condition.Status,
            Reason = condition.Reason,
            Message = condition.Message,
            LastTransitionTime = old?.Status == condition.Status ? old.LastTransitionTime : time,
            LastUpdateTime = isSame && ReferenceEquals(condition, old) ? old!.LastUpdateTime
                : isSame && condition.LastUpdateTime is null ? old!.LastUpdateTime
                : time,
        };
    }

    private static V1DeploymentCondition Condition(string type, string status, string reason, string message, DateTimeOffset? updated = null) => new()
    {
        Type = type,
        Status = status,
        Reason = reason,
        Message = message,
        LastUpdateTime = updated?.UtcDateTime,
    };
}
