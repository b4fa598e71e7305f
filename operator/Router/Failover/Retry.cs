namespace ModelOperator.Router.Failover;

/// <summary>What happens after an attempt.</summary>
internal enum Retry
{
    /// <summary>The caller gets what there is.</summary>
    None,

    /// <summary>Stable answers instead of the candidate.</summary>
    OnStable,

    /// <summary>The same revision is asked once more, on another pod when there is one.</summary>
    OnOtherEndpoint,
}
