namespace ModelOperator.Cli.Watching;

/// <summary>What is waited for.</summary>
internal enum Goal
{
    /// <summary>The present spec serves everything, and its bake is over.</summary>
    Available,

    /// <summary>The rollout holds until a person acts.</summary>
    Paused,

    /// <summary>The present spec serves everything; the bake may go on.</summary>
    Promoted,

    /// <summary>The present spec was taken back.</summary>
    RolledBack,
}
