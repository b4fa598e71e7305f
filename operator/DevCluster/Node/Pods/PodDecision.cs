using System.Collections.Immutable;

namespace ModelOperator.DevCluster.Node.Pods;

/// <summary>What a pod needs next, from its state alone; a decision is marked in the state so that it is made once.</summary>
internal static class PodDecision
{
    public static PodStep Decide(PodState state, RestartBackoff backoff, DateTimeOffset now)
    {
        var actions = ImmutableArray.CreateBuilder<PodAction>();
        state = state.Terminating ? Wind(state, actions, now) : Advance(state, actions, backoff, now);
        state = Stop(state, actions, now);
        return new PodStep(state, actions.DrainToImmutable(), WakeAt(state));
    }

    private static PodState Wind(PodState state, ImmutableArray<PodAction>.Builder actions, DateTimeOffset now)
    {
        if (state.All.All(c => !c.IsLive) && state.Volumes != VolumePhase.Mounting)
        {
            if (state.Removed)
            {
                return state;
            }

            actions.Add(new PodAction.RemovePod());
            return state with { Removed = true };
        }

        return state with
        {
            InitContainers = [.. state.InitContainers.Select(ToStopping)],
            Containers = [.. state.Containers.Select(ToStopping)],
        };

        ContainerState ToStopping(ContainerState c) =>
            c.Phase == ContainerPhase.Running ? c with { Phase = ContainerPhase.Stopping, ProbeGracePeriod = null } : c;
    }

    private static PodState Advance(PodState state, ImmutableArray<PodAction>.Builder actions, RestartBackoff backoff, DateTimeOffset now)
    {
        if (state.Phase() is "Succeeded" or "Failed")
        {
            return state;
        }

        if (state.Volumes == VolumePhase.Absent && (state.VolumesRetryAt is null || state.VolumesRetryAt <= now))
        {
            actions.Add(new PodAction.MountVolumes());
            return state with { Volumes = VolumePhase.Mounting };
        }

        if (state.Volumes != VolumePhase.Mounted)
        {
            return state;
        }

        if (!state.Initialized)
        {
            var current = state.InitContainers.First(c => !c.Completed);
            var next = Bring(state, current, actions, backoff, now);
            return state with { InitContainers = state.InitContainers.Replace(current, next) };
        }

        return state with { Containers = [.. state.Containers.Select(c => Bring(state, c, actions, backoff, now))] };
    }

    private static ContainerState Bring(
        PodState state, ContainerState container, ImmutableArray<PodAction>.Builder actions, RestartBackoff backoff, DateTimeOffset now)
    {
        if (container is { Phase: ContainerPhase.Terminated, Exit: { } exit } && MayRestart(state, container))
        {
            var delay = backoff.Delay(container.Streak);
            container = container with
            {
                Phase = ContainerPhase.Waiting,
                RestartPending = true,
                Streak = container.Streak + 1,
                RetryAt = exit.FinishedAt + delay,
                WaitingReason = delay > TimeSpan.Zero ? "CrashLoopBackOff" : null,
                WaitingMessage = delay > TimeSpan.Zero
                    ? $"back-off {GoDuration.Format(delay)} restarting failed container={container.Name} pod={state.Identity}"
                    : null,
            };
        }

        if (container.Phase != ContainerPhase.Waiting)
        {
            return container;
        }

        if (container.RetryAt is null || container.RetryAt <= now)
        {
            var attempt = container.RestartPending ? container.RestartCount + 1 : container.RestartCount;
            actions.Add(new PodAction.StartContainer(container.Name, attempt));
            return container with
            {
                Phase = ContainerPhase.Starting,
                RestartCount = attempt,
                RestartPending = false,
                RetryAt = null,
                BackOffFrom = null,
            };
        }

        return container.BackOffFrom <= now
            ? container with
            {
                BackOffFrom = null,
                WaitingReason = "ImagePullBackOff",
                WaitingMessage = $"Back-off pulling image: {container.WaitingMessage}",
            }
            : container;
    }

    /// <summary>An init container that succeeded never runs again; one that failed does unless policy is Never.</summary>
    private static bool MayRestart(PodState state, ContainerState container) =>
        state.InitContainers.Contains(container) ? state.RestartPolicy != RestartPolicy.Never && !container.Completed : state.MayRestart(container);

    private static PodState Stop(PodState state, ImmutableArray<PodAction>.Builder actions, DateTimeOffset now)
    {
        return state with
        {
            InitContainers = [.. state.InitContainers.Select(StopOne)],
            Containers = [.. state.Containers.Select(StopOne)],
        };

        ContainerState StopOne(ContainerState container)
        {
            if (container is not { Phase: ContainerPhase.Stopping, ContainerId: { } id })
            {
                return container;
            }

            if (container.KillAt is null)
            {
                var grace = container.ProbeGracePeriod ?? state.GracePeriod;
                actions.Add(grace > TimeSpan.Zero ? new PodAction.StopContainer(container.Name, id) : new PodAction.KillContainer(container.Name, id));
                return container with { KillAt = grace > TimeSpan.Zero ? now + grace : DateTimeOffset.MaxValue };
            }

            if (container.KillAt <= now)
            {
                actions.Add(new PodAction.KillContainer(container.Name, id));
                return container with { KillAt = DateTimeOffset.MaxValue };
            }

            return container;
        }
    }

    private static DateTimeOffset? WakeAt(PodState state)
    {
        var times = state.All
            .SelectMany(c => c.Phase switch
            {
                ContainerPhase.Waiting => [c.RetryAt, c.BackOffFrom],
                ContainerPhase.Stopping => new DateTimeOffset?[] { c.KillAt },
                _ => [],
            })
            .Append(state.Volumes == VolumePhase.Absent ? state.VolumesRetryAt : null);
        return times.Where(t => t is { } at && at != DateTimeOffset.MaxValue).Min();
    }
}
