namespace ModelOperator.Controller.Rollouts;

/// <summary>The way in which a new revision takes over.</summary>
internal enum RolloutStrategy
{
    /// <summary>In steps, each with a larger share of the requests.</summary>
    Canary,

    /// <summary>All at once, after the new revision stands ready at full size beside the old one.</summary>
    BlueGreen,

    /// <summary>All at once, after the old revision's pods have gone: nothing is served in between.</summary>
    Recreate,
}
