namespace ModelOperator.DevCluster.Controllers.GarbageCollection;

/// <summary>What is to become of an object.</summary>
internal enum CollectionVerdict
{
    Keep,

    /// <summary>All its owners are gone.</summary>
    DeleteBackground,

    /// <summary>Its owners wait for it to go first, and it has dependents of its own.</summary>
    DeleteForeground,

    /// <summary>It waited for its dependents and none blocks it any more.</summary>
    FinishForeground,

    /// <summary>Its dependents are to be set free.</summary>
    Orphan,
}
