namespace ModelOperator.Controller.Rollouts;

/// <summary>Where a rollout stands.</summary>
internal enum RolloutState
{
    /// <summary>Nothing is on trial.</summary>
    Idle,

    /// <summary>The candidate's first pods are starting; it has no share yet.</summary>
    Preparing,

    /// <summary>The candidate has the share of a step.</summary>
    Stepping,

    /// <summary>All steps are done; the candidate grows to full size and then takes everything.</summary>
    Promoting,

    /// <summary>The candidate is stable; the revision before it is kept warm in case it turns bad.</summary>
    Baking,

    /// <summary>The candidate loses its share.</summary>
    Aborting,
}
