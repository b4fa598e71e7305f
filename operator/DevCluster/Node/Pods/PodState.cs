using System.Collections.Immutable;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.DevCluster.Node.Pods;

/// <summary>What the node knows of one pod; changed only by <see cref="PodMachine"/>.</summary>
internal sealed record PodState
{
    /// <summary><c>namespace/name</c> and UID, as kubelet writes them into messages.</summary>
    public required string Identity { get; init; }

    public required RestartPolicy RestartPolicy { get; init; }

    public required TimeSpan GracePeriod { get; init; }

    public required ImmutableArray<ContainerState> InitContainers { get; init; }

    public required ImmutableArray<ContainerState> Containers { get; init; }

    public VolumePhase Volumes { get; init; }

    public DateTimeOffset? VolumesRetryAt { get; init; }

    /// <summary>When the node took the pod up.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>How long the pod may be active; null: for good.</summary>
    public TimeSpan? ActiveDeadline { get; init; }

    /// <summary>Whether it was active for longer than that: it ends and has failed.</summary>
    public bool Expired { get; init; }

    /// <summary>Whether every init container has been passed once; that stays so when a sidecar falls.</summary>
    public bool Prepared { get; init; }

    /// <summary>When all that is left of a pod that is to end is killed.</summary>
    public DateTimeOffset? KillBy { get; init; }

    /// <summary>Whether the pod is to end.</summary>
    public bool Terminating { get; init; }

    /// <summary>Whether the node is done with the pod.</summary>
    public bool Removed { get; init; }

    public IEnumerable<ContainerState> All => InitContainers.Concat(Containers);

    public bool Initialized => Prepared || InitContainers.All(c => c.IsSidecar ? c.Started : c.Completed);

    /// <summary>Containers whose readiness is the pod's.</summary>
    public IEnumerable<ContainerState> Serving => InitContainers.Where(c => c.IsSidecar).Concat(Containers);

    /// <summary>Whether the containers have run to their end for good.</summary>
    public bool Finished => Initialized && Containers.All(c => c.Phase == ContainerPhase.Terminated && !MayRestart(c));

    public DateTimeOffset? ExpiresAt => Expired ? null : StartedAt + ActiveDeadline;

    /// <summary>The state of a pod nothing has been done for yet.</summary>
    public static PodState Of(V1Pod pod)
    {
        var spec = pod.Spec ?? new V1PodSpec();
        return new PodState
        {
            Identity = $"{pod.Metadata.Name}_{pod.Metadata.NamespaceProperty}({pod.Metadata.Uid})",
            RestartPolicy = Enum.TryParse<RestartPolicy>(spec.RestartPolicy, out var policy) ? policy : RestartPolicy.Always,
            GracePeriod = TimeSpan.FromSeconds(spec.TerminationGracePeriodSeconds ?? 30),
            StartedAt = pod.Status?.StartTime is { } started ? new DateTimeOffset(started, TimeSpan.Zero) : null,
            ActiveDeadline = spec.ActiveDeadlineSeconds is { } deadline ? TimeSpan.FromSeconds(deadline) : null,
            InitContainers = [.. (spec.InitContainers ?? []).Select(c => Container(c) with { IsSidecar = c.RestartPolicy == "Always" })],
            Containers = [.. spec.Containers.Select(Container)],
        };
    }

    /// <summary>The pod's phase, as kubelet computes it.</summary>
    public string Phase()
    {
        if (Expired && !All.Any(c => c.IsLive))
        {
            return "Failed";
        }

        if (RestartPolicy == RestartPolicy.Never && InitContainers.Any(c => c is { IsSidecar: false, Phase: ContainerPhase.Terminated, Exit.Succeeded: false }))
        {
            return "Failed";
        }

        if (!Initialized || Containers.Any(c => !c.HasProcess && c.Exit is null))
        {
            return "Pending";
        }

        if (All.Any(c => c.IsLive) || Containers.Any(MayRestart))
        {
            return "Running";
        }

        return Containers.All(c => c.Completed) ? "Succeeded" : "Failed";
    }

    /// <summary>Whether policy wants an ended container back.</summary>
    public bool MayRestart(ContainerState container) => !Terminating && !Expired && RestartPolicy switch
    {
        RestartPolicy.Always => true,
        RestartPolicy.OnFailure => container.Exit is not { Succeeded: true },
        _ => false,
    };

    private static ContainerState Container(V1Container container)
    {
        var grace = container.LivenessProbe?.TerminationGracePeriodSeconds ?? container.StartupProbe?.TerminationGracePeriodSeconds;
        return new ContainerState(container.Name)
        {
            HasPostStart = container.Lifecycle?.PostStart is not null,
            HasPreStop = container.Lifecycle?.PreStop is not null,
            HasStartupProbe = container.StartupProbe is not null,
            HasReadinessProbe = container.ReadinessProbe is not null,
            ProbeGracePeriod = grace is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        };
    }
}
