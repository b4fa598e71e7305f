namespace ModelOperator.Cli.Planning;

/// <summary>What applying a manifest does to what is served.</summary>
internal enum PlannedEffect
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The first revision is made and gets everything.</summary>
    FirstRevision,

    /// <summary>A new revision is made and rolled out.</summary>
    NewRevision,

    /// <summary>A revision of the history is rolled out.</summary>
    OldRevision,

    /// <summary>Nothing, because it was rolled back before.</summary>
    Rejected,
}
