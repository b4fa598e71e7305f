namespace ModelOperator.Kubernetes.LeaderElection;

/// <summary>
/// All that a candidate knows and the decisions that follow from it: client-go's algorithm as pure transitions. An attempt begins
/// with <see cref="Begin"/>; what was read goes into <see cref="See"/> and is followed by <see cref="Decide"/>; a write that the
/// server took goes into <see cref="Wrote"/>, and one that failed changes nothing.
/// <para>
/// <c>now</c> is always this process' monotonic clock. The times in a Lease are other machines' clocks and are never compared: a
/// Lease has run out when it has not <em>changed</em> for its duration while this process watched. So clocks may differ by
/// anything, and only their rates matter: a leader stops <see cref="LeaderElectionSettings.RenewDeadline"/> after it
/// <em>sent</em> its last renewal, others start <see cref="LeaderElectionSettings.LeaseDuration"/> after they <em>saw</em> it.
/// This is no fencing: a leader that was stopped for longer (a paused machine) may still send what it had begun, so
/// what it writes must carry a resource version.
/// </para>
/// </summary>
/// <param name="Settings">As whom, and how fast.</param>
internal sealed record ElectorState(LeaderElectionSettings Settings)
{
    /// <summary>The Lease as last seen; null: it did not exist, or was never looked at.</summary>
    public LeaseVersion? Lease { get; init; }

    /// <summary>When what the Lease says was last seen to change.</summary>
    public TimeSpan ChangedAt { get; init; }

    /// <summary>When the write that last gave or kept the Lease was sent; null: this candidate does not lead.</summary>
    public TimeSpan? RenewedAt { get; init; }

    public bool IsLeading => RenewedAt is not null;

    /// <summary>The first step of an attempt. A leader writes without looking: the version makes that safe.</summary>
    public ElectionStep Begin(TimeSpan now, DateTime utcNow) =>
        IsOverdue(now) ? Overdue()
        : IsLeading && Lease is { } held ? new ElectionStep.Replace(Renewed(held.Record, utcNow), held.ResourceVersion)
        : new ElectionStep.Read();

    /// <summary>The Lease was read; null: it does not exist.</summary>
    public ElectorState See(LeaseVersion? lease, TimeSpan now) => this with
    {
        Lease = lease,
        // A label that somebody sets changes the version, and renews nothing.
        ChangedAt = lease is not null && lease.Record == Lease?.Record ? ChangedAt : now,
    };

    /// <summary>What to do about the Lease that has just been read.</summary>
    public ElectionStep Decide(TimeSpan now, DateTime utcNow)
    {
        if (IsOverdue(now))
        {
            return Overdue();
        }

        return Lease switch
        {
            null => new ElectionStep.Create(Taken(utcNow, transitions: 0)),
            // Also a candidate that wrote it without hearing the answer.
            { Record.Holder: var holder } mine when holder == Settings.Identity =>
                new ElectionStep.Replace(Renewed(mine.Record, utcNow), mine.ResourceVersion),
            { Record.Holder: var holder } when IsLeading =>
                new ElectionStep.GiveUp(holder.Length == 0 ? "somebody has released the lease" : $"{holder} has the lease"),
            { Record.Holder.Length: > 0 } held when now < ChangedAt + (held.Record.Duration ?? Settings.LeaseDuration) => new ElectionStep.Wait(),
            var free => new ElectionStep.Replace(Taken(utcNow, free.Record.Transitions + 1), free.ResourceVersion),
        };
    }

    /// <summary>The server took a write of this candidate's.</summary>
    /// <param name="written">The Lease as it is now.</param>
    /// <param name="sentAt">When the write was sent, not when its answer came: others may have seen it since then.</param>
    public ElectorState Wrote(LeaseVersion written, TimeSpan sentAt) => this with { Lease = written, ChangedAt = sentAt, RenewedAt = sentAt };

    /// <summary>This candidate leads no more.</summary>
    public ElectorState StoppedLeading() => this with { RenewedAt = null };

    /// <summary>The write that lets others take over at once; null when this candidate does not hold the Lease it has just seen.</summary>
    public ElectionStep.Replace? Release(DateTime utcNow) => Lease is { } lease && lease.Record.Holder == Settings.Identity
        ? new ElectionStep.Replace(
            new LeaseRecord("", TimeSpan.FromSeconds(1), utcNow, utcNow, lease.Record.Transitions), lease.ResourceVersion)
        : null;

    /// <summary>How long until the next attempt.</summary>
    /// <param name="now">This process' clock.</param>
    /// <param name="jitter">A random number from 0 up to 1, by which standbys spread.</param>
    public TimeSpan Pause(TimeSpan now, double jitter)
    {
        if (RenewedAt is not { } renewedAt)
        {
            return Settings.RetryPeriod * (1 + (jitter * LeaderElectionSettings.JitterFactor));
        }

        var left = renewedAt + Settings.RenewDeadline - now;
        return left < Settings.RetryPeriod ? Max(left, TimeSpan.Zero) : Settings.RetryPeriod;
    }

    /// <summary>How long the next request may take: an answer that comes after the deadline must not make a leader of what has stopped.</summary>
    public TimeSpan RequestTimeout(TimeSpan now) => RenewedAt is { } renewedAt && renewedAt + Settings.RenewDeadline - now is var left && left < Settings.RequestTimeout
        ? Max(left, TimeSpan.FromMilliseconds(1))
        : Settings.RequestTimeout;

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private ElectionStep.GiveUp Overdue() => new($"the lease could not be renewed for {Settings.RenewDeadline.TotalSeconds} s");

    private bool IsOverdue(TimeSpan now) => RenewedAt is { } renewedAt && now >= renewedAt + Settings.RenewDeadline;

    private LeaseRecord Taken(DateTime utcNow, int transitions) =>
        new(Settings.Identity, Settings.LeaseDuration, utcNow, utcNow, transitions);

    private LeaseRecord Renewed(LeaseRecord held, DateTime utcNow) => held with { Duration = Settings.LeaseDuration, RenewTime = utcNow };
}
