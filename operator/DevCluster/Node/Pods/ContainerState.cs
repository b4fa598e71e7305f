namespace ModelOperator.DevCluster.Node.Pods;

/// <summary>What the node knows of one container.</summary>
internal sealed record ContainerState(string Name)
{
    public ContainerPhase Phase { get; init; } = ContainerPhase.Waiting;

    /// <summary>Why it waits, for example <c>CrashLoopBackOff</c>; null while it is simply not its turn.</summary>
    public string? WaitingReason { get; init; }

    public string? WaitingMessage { get; init; }

    /// <summary>When a waiting container is tried again; null: at once.</summary>
    public DateTimeOffset? RetryAt { get; init; }

    /// <summary>When an image pull error turns into a back-off, as people see it.</summary>
    public DateTimeOffset? BackOffFrom { get; init; }

    /// <summary>Failed attempts to start in a row.</summary>
    public int StartFailures { get; init; }

    /// <summary>Restarts that count for the back-off.</summary>
    public int Streak { get; init; }

    public int RestartCount { get; init; }

    /// <summary>Whether the next start is a restart, which is when it starts to count as one.</summary>
    public bool RestartPending { get; init; }

    /// <summary>Names one run of the container.</summary>
    public string? ContainerId { get; init; }

    public DateTimeOffset StartedAt { get; init; }

    /// <summary>An init container that keeps running beside the others.</summary>
    public bool IsSidecar { get; init; }

    public bool HasPostStart { get; init; }

    public bool HasPreStop { get; init; }

    public bool HasStartupProbe { get; init; }

    public bool HasReadinessProbe { get; init; }

    /// <summary>Whether the startup probe has passed.</summary>
    public bool StartupPassed { get; init; }

    /// <summary>Whether the readiness probe says yes.</summary>
    public bool ReadinessPassed { get; init; }

    /// <summary>Whether its postStart handler has yet to end.</summary>
    public bool PostStartPending { get; init; }

    /// <summary>Whether its preStop handler has yet to end; it is asked to end only then.</summary>
    public bool PreStopPending { get; init; }

    /// <summary>Whether it has been asked to end.</summary>
    public bool Asked { get; init; }

    /// <summary>How long it gets to end when its liveness or startup probe has failed; null: as long as the pod.</summary>
    public TimeSpan? ProbeGracePeriod { get; init; }

    /// <summary>How long a stopping container gets to end when that is not up to the pod.</summary>
    public TimeSpan? OwnGracePeriod { get; init; }

    /// <summary>When a stopping container is killed.</summary>
    public DateTimeOffset? KillAt { get; init; }

    /// <summary>How the latest run ended.</summary>
    public ContainerExit? Exit { get; init; }

    public bool IsLive => Phase is ContainerPhase.Starting or ContainerPhase.Running or ContainerPhase.Stopping;

    public bool HasProcess => Phase is ContainerPhase.Running or ContainerPhase.Stopping;

    public bool Started => HasProcess && !PostStartPending && (StartupPassed || !HasStartupProbe);

    public bool Ready => Started && (ReadinessPassed || !HasReadinessProbe);

    public bool Completed => Phase == ContainerPhase.Terminated && Exit is { Succeeded: true };
}
