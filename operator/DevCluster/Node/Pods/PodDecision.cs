using System.Collections.Immutable;

namespace ModelOperator.DevCluster.Node.Pods;

/// <summary>What a pod needs next, from its state alone; a decision is marked in the state so that it is made once.</summary>
internal static class PodDecision
{
    public static PodStep Decide(PodState state, RestartBackoff backoff, DateTimeOffset now)
    {
        var actions = ImmutableArray.CreateBuilder<PodAction>();
        if (state.ExpiresAt <= now && state.Phase() is not ("Succeeded" or "Failed"))
        {
            state = state with { Expired = true, KillBy = now + state.GracePeriod };
        }

        state = state switch
        {
            { Terminating: true } => Wind(state, actions),
            { Expired: true } => Quiesce(state),
            _ => Advance(state, actions, backoff, now),
        };
        state = ContainerStop.Continue(state, actions, now);
        return new PodStep(state, actions.DrainToImmutable(), WakeAt(state));
    }

    private static PodState Wind(PodState state, ImmutableArray<PodAction>.Builder actions)
    {
        if (state.All.Any(c => c.IsLive) || state.Volumes == VolumePhase.Mounting)
        {
            return Quiesce(state);
        }

        if (!state.Removed)
        {
            actions.Add(new PodAction.RemovePod());
        }

        return state with { Removed = true };
    }

    /// <summary>Ends what runs: containers first, then sidecars one by one in the reverse of the order in which they started.</summary>
    private static PodState Quiesce(PodState state)
    {
        var last = state.InitContainers.LastOrDefault(c => c is { IsSidecar: true, IsLive: true });
        var mayEndSidecar = !state.Containers.Any(c => c.IsLive);
        return state with
        {
            InitContainers = [.. state.InitContainers.Select(c => !c.IsSidecar || (mayEndSidecar && c == last) ? ToStopping(c) : c)],
            Containers = [.. state.Containers.Select(ToStopping)],
        };

        static ContainerState ToStopping(ContainerState c) => c.Phase == ContainerPhase.Running ? c with { Phase = ContainerPhase.Stopping } : c;
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

        if (state.Finished)
        {
            return Quiesce(state);
        }

        state = Prepare(state, actions, backoff, now);
        return state.Initialized
            ? state with { Prepared = true, Containers = [.. state.Containers.Select(c => ContainerStart.Bring(state, c, actions, backoff, now))] }
            : state;
    }

    /// <summary>Brings the init containers as far as they may go: each waits for those before it.</summary>
    private static PodState Prepare(PodState state, ImmutableArray<PodAction>.Builder actions, RestartBackoff backoff, DateTimeOffset now)
    {
        for (var i = 0; i < state.InitContainers.Length; i++)
        {
            var current = state.InitContainers[i];
            if (!current.IsSidecar && (current.Completed || state.Prepared))
            {
                continue;
            }

            var next = ContainerStart.Bring(state, current, actions, backoff, now);
            state = state with { InitContainers = state.InitContainers.SetItem(i, next) };
            if (!state.Prepared && !(next.IsSidecar ? next.Started : next.Completed))
            {
                break;
            }
        }

        return state;
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
            .Append(state.Volumes == VolumePhase.Absent ? state.VolumesRetryAt : null)
            .Append(state.Terminating || state.Phase() is "Succeeded" or "Failed" ? null : state.ExpiresAt);
        return times.Where(t => t is { } at && at != DateTimeOffset.MaxValue).Min();
    }
}
