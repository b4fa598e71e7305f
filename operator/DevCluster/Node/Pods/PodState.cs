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

    /// <summary>Whether the pod is to end.</summary>
    public bool Terminating { get; init; }

    /// <summary>Whether the node is done with the pod.</summary>
    public bool Removed { get; init; }

    public IEnumerable<ContainerState> All => InitContainers.Concat(Containers);

    public bool Initialized => InitContainers.All(c => c.Completed);

    /// <summary>The state of a pod nothing has been done for yet.</summary>
    public static PodState Of(V1Pod pod)
    {
        var spec = pod.Spec ?? new V1PodSpec();
        return new PodState
        {
            Identity = $"{pod.Metadata.Name}_{pod.Metadata.NamespaceProperty}({pod.Metadata.Uid})",
            RestartPolicy = Enum.TryParse<RestartPolicy>(spec.RestartPolicy, out var policy) ? policy : RestartPolicy.Always,
            GracePeriod = TimeSpan.FromSeconds(spec.TerminationGracePeriodSeconds ?? 30),
            InitContainers = [.. (spec.InitContainers ?? []).Select(c => new ContainerState(c.Name))],
            Containers = [.. spec.Containers.Select(Container)],
        };
    }

    /// <summary>The pod's phase, as kubelet computes it.</summary>
    public string Phase()
    {
        if (RestartPolicy == RestartPolicy.Never && InitContainers.Any(c => c is { Phase: ContainerPhase.Terminated, Exit.Succeeded: false }))
        {
            return "Failed";
        }

        if (!Initialized || Containers.Any(c => !c.HasProcess && c.Exit is null))
        {
            return "Pending";
        }

        if (Containers.Any(c => c.IsLive) || Containers.Any(MayRestart))
        {
            return "Running";
        }

        return Containers.All(c => c.Completed) ? "Succeeded" : "Failed";
    }

    /// <summary>Whether policy wants an ended container back.</summary>
    public bool MayRestart(ContainerState container) => !Terminating && RestartPolicy switch
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
            HasStartupProbe = container.StartupProbe is not null,
            HasReadinessProbe = container.ReadinessProbe is not null,
            ProbeGracePeriod = grace is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        };
    }
}
