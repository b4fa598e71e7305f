using ModelOperator.DevCluster.Node.Probes;

namespace ModelOperator.DevCluster.Node.Pods;

/// <summary>Something that happened to a pod.</summary>
internal abstract record PodInput
{
    /// <summary>Time has passed.</summary>
    public sealed record Tick : PodInput;

    public sealed record VolumesMounted : PodInput;

    public sealed record VolumesFailed : PodInput;

    public sealed record ContainerStarted(string Name, string ContainerId) : PodInput;

    /// <summary>A container could not be started; reasons are kubelet's, for example <c>ErrImagePull</c>.</summary>
    public sealed record StartFailed(string Name, string Reason, string Message) : PodInput;

    /// <summary>A run ended; <paramref name="ContainerId"/> is null when it never got to run.</summary>
    public sealed record ContainerExited(string Name, string? ContainerId, int ExitCode, string Reason, string? Message) : PodInput;

    public sealed record ProbeTurned(string Name, string ContainerId, ProbeKind Kind, bool Passed) : PodInput;

    /// <summary>A postStart handler ended.</summary>
    public sealed record PostStartEnded(string Name, string ContainerId, bool Passed) : PodInput;

    /// <summary>A preStop handler ended; how does not matter.</summary>
    public sealed record PreStopEnded(string Name, string ContainerId) : PodInput;

    /// <summary>The pod is to end within the grace period; zero: at once.</summary>
    public sealed record Terminate(TimeSpan GracePeriod) : PodInput;
}
