namespace ModelOperator.Kubernetes.LeaderElection;

/// <summary>The Lease that candidates compete for.</summary>
internal interface ILeaseLock
{
    /// <summary>Reads it; null when it does not exist.</summary>
    Task<LeaseVersion?> GetAsync(CancellationToken cancellationToken);

    /// <summary>Makes it; fails when it exists.</summary>
    Task<LeaseVersion> CreateAsync(LeaseRecord record, CancellationToken cancellationToken);

    /// <summary>Writes it; fails when it is not in this version any more.</summary>
    Task<LeaseVersion> ReplaceAsync(LeaseRecord record, string resourceVersion, CancellationToken cancellationToken);

    /// <summary>Tells people what became of it.</summary>
    void Tell(string message);
}
