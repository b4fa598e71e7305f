namespace ModelOperator.Kubernetes.Controllers;

/// <summary>How a reconciliation ended.</summary>
internal enum ReconcileOutcome
{
    /// <summary>Nothing was reconciled: the object is gone, the cache is behind or the controller stops.</summary>
    None,

    /// <summary>Well.</summary>
    Success,

    /// <summary>Well, and it wants to look again at once.</summary>
    Requeue,

    /// <summary>Well, and it wants to look again after a time.</summary>
    RequeueAfter,

    /// <summary>Badly; it is tried again.</summary>
    Error,

    /// <summary>Badly, and trying again is of no use.</summary>
    TerminalError,
}
