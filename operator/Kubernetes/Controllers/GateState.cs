namespace ModelOperator.Kubernetes.Controllers;

/// <summary>Whether a key may be reconciled from the caches.</summary>
internal enum GateState
{
    /// <summary>They show every write.</summary>
    Open,

    /// <summary>They are behind.</summary>
    Closed,

    /// <summary>They have been behind for longer than is waited.</summary>
    TimedOut,
}
