namespace ModelOperator.DevCluster.Node.Pods;

/// <summary>Where a container is in its life.</summary>
internal enum ContainerPhase
{
    /// <summary>Not running: not its turn yet, or waiting to be tried again.</summary>
    Waiting,

    /// <summary>Asked to start; not heard of yet.</summary>
    Starting,

    Running,

    /// <summary>Running, but told to end.</summary>
    Stopping,

    /// <summary>Ended.</summary>
    Terminated,
}
