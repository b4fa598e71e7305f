namespace ModelOperator.Cli.Hosting;

/// <summary>What the program ends with. Pipelines rely on these numbers; they do not change.</summary>
internal enum ExitCode
{
    Ok = 0,

    /// <summary>Something failed that has no number of its own.</summary>
    Failed = 1,

    /// <summary>The command line, or a file that it names, makes no sense.</summary>
    Usage = 2,

    /// <summary>There is no such ModelDeployment, ModelRevision or request.</summary>
    NotFound = 3,

    /// <summary>The cluster cannot be asked: no configuration, no answer, no permission, or ModelOperator is not installed.</summary>
    NoCluster = 4,

    /// <summary>What was waited for did not come in time.</summary>
    TimedOut = 5,

    /// <summary>What was waited for will not come: the revision was rolled back.</summary>
    RolledBack = 6,

    /// <summary>What was waited for will not come: the ModelDeployment is stalled.</summary>
    Degraded = 7,

    /// <summary>What was waited for does not come by itself: the rollout is paused.</summary>
    Paused = 8,

    /// <summary>The command does not fit where the rollout stands, and did nothing.</summary>
    Refused = 9,

    /// <summary>Ctrl-C.</summary>
    Interrupted = 130,
}
