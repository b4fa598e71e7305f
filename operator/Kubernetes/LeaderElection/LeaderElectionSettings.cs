namespace ModelOperator.Kubernetes.LeaderElection;

/// <summary>Which Lease candidates compete for, as whom, and how fast a dead leader is replaced. The defaults are client-go's.</summary>
public sealed record LeaderElectionSettings
{
    // A standby waits up to this much longer than the retry period, so that candidates do not ask all at once.
    internal const double JitterFactor = 1.2;

    /// <summary>The name of the Lease.</summary>
    public required string LeaseName { get; init; }

    /// <summary>The namespace of the Lease.</summary>
    public required string LeaseNamespace { get; init; }

    /// <summary>This candidate; no two may share one. Two processes on one host network have one host name, hence the UUID.</summary>
    public string Identity { get; init; } = $"{Environment.MachineName}_{Guid.NewGuid()}";

    /// <summary>How long a standby waits, since it last saw the Lease change, before it takes the Lease. Whole seconds.</summary>
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a leader goes on trying to renew before it stops leading; shorter than the Lease, so that it stops before another starts.</summary>
    public TimeSpan RenewDeadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The pause between attempts.</summary>
    public TimeSpan RetryPeriod { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long one request may take: one that hangs must leave time for another.</summary>
    internal TimeSpan RequestTimeout => RenewDeadline / 2 > TimeSpan.FromSeconds(1) ? RenewDeadline / 2 : TimeSpan.FromSeconds(1);

    /// <summary>What is wrong with these settings, in a sentence; null when nothing is.</summary>
    public string? Validate() => this switch
    {
        { LeaseName.Length: 0 } => "leader election needs the name of a Lease",
        { LeaseNamespace.Length: 0 } => "leader election needs the namespace of its Lease",
        { Identity.Length: 0 } => "leader election needs an identity that no other candidate has",
        _ when LeaseDuration < TimeSpan.FromSeconds(1) || LeaseDuration.Ticks % TimeSpan.TicksPerSecond != 0 =>
            $"the lease duration ({Seconds(LeaseDuration)}) must be a whole number of seconds, at least one",
        _ when RetryPeriod <= TimeSpan.Zero => $"the retry period ({Seconds(RetryPeriod)}) must be greater than zero",
        _ when RenewDeadline <= RetryPeriod * JitterFactor =>
            $"the renew deadline ({Seconds(RenewDeadline)}) must be greater than the retry period ({Seconds(RetryPeriod)}) times {JitterFactor}",
        _ when LeaseDuration <= RenewDeadline =>
            $"the lease duration ({Seconds(LeaseDuration)}) must be greater than the renew deadline ({Seconds(RenewDeadline)})",
        _ => null,
    };

    private static string Seconds(TimeSpan time) => $"{time.TotalSeconds} s";
}
