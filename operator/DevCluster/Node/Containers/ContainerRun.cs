using ModelOperator.DevCluster.Node.Processes;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.DevCluster.Node.Containers;

/// <summary>One run of a container.</summary>
internal sealed class ContainerRun(V1Container container, string containerId, int attempt, LaunchSpec spec, LocalProcess process, LogClock previousLogTimes)
{
    private volatile bool _outOfMemory;

    public V1Container Container => container;

    public string Name => container.Name;

    public string ContainerId => containerId;

    public int Attempt => attempt;

    public LaunchSpec Spec => spec;

    public LocalProcess Process => process;

    /// <summary>When its log was written.</summary>
    public LogClock LogTimes { get; } = new();

    /// <summary>When the log of the run before was written.</summary>
    public LogClock PreviousLogTimes => previousLogTimes;

    /// <summary>Whether it was killed for taking more memory than it may.</summary>
    public bool OutOfMemory => _outOfMemory;

    /// <summary>Kills it as the kernel does when a container exceeds its memory limit.</summary>
    public void KillForMemory()
    {
        _outOfMemory = true;
        process.Send(Signal.Kill);
    }
}
