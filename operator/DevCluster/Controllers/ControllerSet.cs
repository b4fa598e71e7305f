namespace ModelOperator.DevCluster.Controllers;

/// <summary>Which controllers are wanted; a cluster has each of them once.</summary>
internal enum ControllerSet
{
    None,

    /// <summary>Only the one that binds pods to nodes.</summary>
    Scheduler,

    All,
}
