namespace ModelOperator.Kubernetes.Models;

/// <summary>What is run when a container starts and before it is asked to end.</summary>
public sealed class V1Lifecycle
{
    /// <summary>Run right after the start; a container whose handler fails is killed.</summary>
    public V1LifecycleHandler? PostStart { get; set; }

    /// <summary>Run before the container is asked to end, within its grace period.</summary>
    public V1LifecycleHandler? PreStop { get; set; }

    /// <summary>The signal that asks the container to end, for example <c>SIGUSR1</c>; null: <c>SIGTERM</c>.</summary>
    public string? StopSignal { get; set; }
}
