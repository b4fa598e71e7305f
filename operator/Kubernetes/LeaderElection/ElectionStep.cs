namespace ModelOperator.Kubernetes.LeaderElection;

/// <summary>What an elector does next.</summary>
internal abstract record ElectionStep
{
    /// <summary>Look at the Lease.</summary>
    public sealed record Read : ElectionStep;

    /// <summary>Make the Lease, which does not exist.</summary>
    public sealed record Create(LeaseRecord Record) : ElectionStep;

    /// <summary>Write the Lease, if it is still in the version that was seen.</summary>
    public sealed record Replace(LeaseRecord Record, string ResourceVersion) : ElectionStep;

    /// <summary>Leave it to the holder for now.</summary>
    public sealed record Wait : ElectionStep;

    /// <summary>Stop leading, at once.</summary>
    public sealed record GiveUp(string Reason) : ElectionStep;
}
