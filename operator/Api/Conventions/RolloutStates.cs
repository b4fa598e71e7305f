namespace ModelOperator.Api.Conventions;

/// <summary>What <c>status.rollout.state</c> of a ModelDeployment can be.</summary>
public static class RolloutStates
{
    /// <summary>Nothing is on trial.</summary>
    public const string Idle = "Idle";

    /// <summary>The candidate's first pods are starting; it has no share yet.</summary>
    public const string Preparing = "Preparing";

    /// <summary>The candidate has the share of a step.</summary>
    public const string Stepping = "Stepping";

    /// <summary>All steps are done; the candidate grows to full size and then takes everything.</summary>
    public const string Promoting = "Promoting";

    /// <summary>The candidate is stable; the revision before it is kept warm in case it turns bad.</summary>
    public const string Baking = "Baking";

    /// <summary>The candidate loses its share.</summary>
    public const string Aborting = "Aborting";
}
