namespace ModelOperator.Kubernetes.Client.Authentication;

/// <summary>
/// Whether the credential in hand may be used. Pure: each transition returns the next state.
/// <code>
/// Absent --Obtained--> Fresh --time--> (must renew) --Obtained------> Fresh
///                        |                          --RenewalFailed-> Kept --time--> (must renew)
///                        +--Refused--> Refused (must renew) --Obtained--> Fresh
/// </code>
/// </summary>
/// <param name="Phase">What is known of it.</param>
/// <param name="Sequence">How many credentials there have been; the one in hand is the last.</param>
/// <param name="RenewAt">From when on a newer one is wanted; null: never, until it is refused.</param>
internal readonly record struct CredentialFreshness(CredentialPhase Phase, long Sequence, DateTimeOffset? RenewAt)
{
    /// <summary>Nothing has been obtained.</summary>
    public static CredentialFreshness None => default;

    public bool MustRenew(DateTimeOffset now) => Phase switch
    {
        CredentialPhase.Fresh or CredentialPhase.Kept => RenewAt <= now,
        _ => true,
    };

    /// <summary>A newer credential is in hand.</summary>
    public CredentialFreshness Obtained(DateTimeOffset? renewAt) => new(CredentialPhase.Fresh, Sequence + 1, renewAt);

    /// <summary>No newer credential could be had; the one in hand, if any, stays until the next try.</summary>
    public CredentialFreshness RenewalFailed(DateTimeOffset retryAt) => Phase switch
    {
        CredentialPhase.Fresh or CredentialPhase.Kept => this with { Phase = CredentialPhase.Kept, RenewAt = retryAt },
        _ => this,
    };

    /// <summary>The server refused the credential with this number; an older one says nothing about the one in hand.</summary>
    public CredentialFreshness Refused(long sequence) =>
        Phase != CredentialPhase.Absent && sequence == Sequence ? this with { Phase = CredentialPhase.Refused } : this;
}
