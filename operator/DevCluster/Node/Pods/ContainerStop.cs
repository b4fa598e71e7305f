using System.Collections.Immutable;

namespace ModelOperator.DevCluster.Node.Pods;

/// <summary>How a container is ended: its preStop handler, SIGTERM, and SIGKILL when its grace period is over.</summary>
internal static class ContainerStop
{
    /// <summary>What a container gets after a preStop handler that has used up all of its time; as kubelet.</summary>
    private static readonly TimeSpan AfterLatePreStop = TimeSpan.FromSeconds(2);

    public static PodState Continue(PodState state, ImmutableArray<PodAction>.Builder actions, DateTimeOffset now)
    {
        return state with
        {
            InitContainers = [.. state.InitContainers.Select(ContinueOne)],
            Containers = [.. state.Containers.Select(ContinueOne)],
        };

        ContainerState ContinueOne(ContainerState container) => container switch
        {
            { Phase: not ContainerPhase.Stopping } or { ContainerId: null } => container,
            { KillAt: null } => Begin(state, container, container.ContainerId, actions, now),
            { KillAt: var at } when at <= now => Kill(container, container.ContainerId, actions, now),
            { Asked: false, PreStopPending: false } => Ask(container, container.ContainerId, actions),
            _ => container,
        };
    }

    private static ContainerState Begin(
        PodState state, ContainerState container, string id, ImmutableArray<PodAction>.Builder actions, DateTimeOffset now)
    {
        var grace = state.KillBy - now ?? container.OwnGracePeriod ?? state.GracePeriod;
        if (grace <= TimeSpan.Zero)
        {
            actions.Add(new PodAction.KillContainer(container.Name, id));
            return container with { KillAt = DateTimeOffset.MaxValue, Asked = true };
        }

        container = container with { KillAt = now + grace };
        if (!container.HasPreStop)
        {
            return Ask(container, id, actions);
        }

        actions.Add(new PodAction.RunPreStop(container.Name, id));
        return container with { PreStopPending = true };
    }

    private static ContainerState Ask(ContainerState container, string id, ImmutableArray<PodAction>.Builder actions)
    {
        actions.Add(new PodAction.StopContainer(container.Name, id));
        return container with { Asked = true };
    }

    private static ContainerState Kill(ContainerState container, string id, ImmutableArray<PodAction>.Builder actions, DateTimeOffset now)
    {
        if (!container.Asked)
        {
            return Ask(container, id, actions) with { KillAt = now + AfterLatePreStop, PreStopPending = false };
        }

        actions.Add(new PodAction.KillContainer(container.Name, id));
        return container with { KillAt = DateTimeOffset.MaxValue };
    }
}
