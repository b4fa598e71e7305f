namespace ModelOperator.DevCluster.Node.Pods;

/// <summary>
/// The life of a pod as pure transitions: <c>volumes -> init containers in order -> containers -> terminating -> removed</c>.
/// Sidecars start in their turn among the init containers and end last. Time comes in, commands go out.
/// </summary>
internal static class PodMachine
{
    /// <summary>How long an image pull error is shown before it is shown as a back-off.</summary>
    private static readonly TimeSpan PullErrorShown = TimeSpan.FromSeconds(1);

    /// <summary>Takes in what happened and says what to do about it.</summary>
    public static PodStep Step(PodState state, PodInput input, RestartBackoff backoff, DateTimeOffset now) =>
        PodDecision.Decide(TakeIn(state with { StartedAt = state.StartedAt ?? now }, input, backoff, now), backoff, now);

    private static PodState TakeIn(PodState state, PodInput input, RestartBackoff backoff, DateTimeOffset now) => input switch
    {
        PodInput.VolumesMounted => state with { Volumes = VolumePhase.Mounted },
        PodInput.VolumesFailed => state with { Volumes = VolumePhase.Absent, VolumesRetryAt = now + backoff.Base },
        PodInput.ContainerStarted started => Update(state, started.Name, c => Start(c, started, now)),
        PodInput.StartFailed failed => Update(state, failed.Name, c => FailStart(c, failed, backoff, now)),
        PodInput.ContainerExited exited => Update(state, exited.Name, c => End(c, exited, backoff, now)),
        PodInput.ProbeTurned turned => Update(state, turned.Name, c => Probe(c, turned, state.GracePeriod, now)),
        PodInput.PostStartEnded ended => Update(state, ended.Name, c => PostStarted(c, ended)),
        PodInput.PreStopEnded ended => Update(state, ended.Name, c => c.ContainerId == ended.ContainerId ? c with { PreStopPending = false } : c),
        PodInput.Terminate terminate => Terminate(state, terminate, now),
        _ => state,
    };

    private static PodState Update(PodState state, string name, Func<ContainerState, ContainerState> change) => state with
    {
        InitContainers = [.. state.InitContainers.Select(c => c.Name == name ? change(c) : c)],
        Containers = [.. state.Containers.Select(c => c.Name == name ? change(c) : c)],
    };

    private static ContainerState Start(ContainerState container, PodInput.ContainerStarted started, DateTimeOffset now) => container with
    {
        Phase = ContainerPhase.Running,
        WaitingReason = null,
        WaitingMessage = null,
        RetryAt = null,
        BackOffFrom = null,
        StartFailures = 0,
        ContainerId = started.ContainerId,
        StartedAt = now,
        StartupPassed = false,
        ReadinessPassed = false,
        PostStartPending = container.HasPostStart,
        PreStopPending = false,
        Asked = false,
        OwnGracePeriod = null,
        KillAt = null,
    };

    private static ContainerState FailStart(
        ContainerState container, PodInput.StartFailed failed, RestartBackoff backoff, DateTimeOffset now)
    {
        var pull = failed.Reason == "ErrImagePull";
        return container with
        {
            Phase = ContainerPhase.Waiting,
            WaitingReason = failed.Reason,
            WaitingMessage = failed.Message,
            RetryAt = now + (pull ? backoff.Delay(container.StartFailures + 1) : backoff.Base),
            BackOffFrom = pull ? now + PullErrorShown : null,
            StartFailures = container.StartFailures + 1,
        };
    }

    private static ContainerState End(ContainerState container, PodInput.ContainerExited exited, RestartBackoff backoff, DateTimeOffset now)
    {
        if (!container.IsLive || (exited.ContainerId is { } id && container.ContainerId != id))
        {
            return container;
        }

        var startedAt = exited.ContainerId is null ? now : container.StartedAt;
        return container with
        {
            Phase = ContainerPhase.Terminated,
            Exit = new ContainerExit(exited.ExitCode, exited.Reason, exited.Message, startedAt, now, exited.ContainerId),
            Streak = now - startedAt > backoff.ResetAfter ? 0 : container.Streak,
            KillAt = null,
            StartupPassed = false,
            ReadinessPassed = false,
        };
    }

    private static ContainerState Probe(ContainerState container, PodInput.ProbeTurned turned, TimeSpan gracePeriod, DateTimeOffset now)
    {
        if (!container.HasProcess || container.ContainerId != turned.ContainerId)
        {
            return container;
        }

        return turned.Kind switch
        {
            Probes.ProbeKind.Readiness => container with { ReadinessPassed = turned.Passed },
            Probes.ProbeKind.Startup when turned.Passed => container with { StartupPassed = true },
            _ when turned.Passed || container.Phase == ContainerPhase.Stopping => container,
            _ => container with { Phase = ContainerPhase.Stopping, OwnGracePeriod = container.ProbeGracePeriod ?? gracePeriod },
        };
    }

    private static ContainerState PostStarted(ContainerState container, PodInput.PostStartEnded ended)
    {
        if (!container.HasProcess || container.ContainerId != ended.ContainerId)
        {
            return container;
        }

        return ended.Passed || container.Phase == ContainerPhase.Stopping
            ? container with { PostStartPending = false }
            : container with { Phase = ContainerPhase.Stopping };
    }

    private static PodState Terminate(PodState state, PodInput.Terminate terminate, DateTimeOffset now)
    {
        var killAt = now + terminate.GracePeriod;
        return state with
        {
            Terminating = true,
            GracePeriod = terminate.GracePeriod,
            KillBy = state.KillBy < killAt ? state.KillBy : killAt,
            // A second request can only shorten what is left.
            InitContainers = [.. state.InitContainers.Select(Shorten)],
            Containers = [.. state.Containers.Select(Shorten)],
        };

        ContainerState Shorten(ContainerState container) =>
            container.KillAt is { } at && at > killAt ? container with { KillAt = killAt } : container;
    }
}
