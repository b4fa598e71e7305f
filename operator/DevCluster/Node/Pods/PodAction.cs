namespace ModelOperator.DevCluster.Node.Pods;

/// <summary>Something to be done for a pod.</summary>
internal abstract record PodAction
{
    public sealed record MountVolumes : PodAction;

    /// <summary>Starts a container; <paramref name="Attempt"/> is its restart count.</summary>
    public sealed record StartContainer(string Name, int Attempt) : PodAction;

    /// <summary>Runs a container's preStop handler.</summary>
    public sealed record RunPreStop(string Name, string ContainerId) : PodAction;

    /// <summary>Asks a container to end (SIGTERM).</summary>
    public sealed record StopContainer(string Name, string ContainerId) : PodAction;

    /// <summary>Ends a container (SIGKILL).</summary>
    public sealed record KillContainer(string Name, string ContainerId) : PodAction;

    /// <summary>Everything has ended: the object can go.</summary>
    public sealed record RemovePod : PodAction;
}
