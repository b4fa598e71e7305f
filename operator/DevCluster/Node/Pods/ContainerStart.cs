using System.Collections.Immutable;

namespace ModelOperator.DevCluster.Node.Pods;

/// <summary>How a container is brought to run, again and again with waits in between where policy wants it back.</summary>
internal static class ContainerStart
{
    public static ContainerState Bring(
        PodState state, ContainerState container, ImmutableArray<PodAction>.Builder actions, RestartBackoff backoff, DateTimeOffset now)
    {
        if (container is { Phase: ContainerPhase.Terminated, Exit: { } exit } && MayRestart(state, container))
        {
            container = Restart(state, container, exit, backoff);
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

    /// <summary>A sidecar always comes back; an init container only if it failed and policy is not Never.</summary>
    private static bool MayRestart(PodState state, ContainerState container) => container.IsSidecar
        || (state.InitContainers.Contains(container)
            ? state.RestartPolicy != RestartPolicy.Never && !container.Completed
            : state.MayRestart(container));

    private static ContainerState Restart(PodState state, ContainerState container, ContainerExit exit, RestartBackoff backoff)
    {
        var delay = backoff.Delay(container.Streak);
        return container with
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
}
