using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Kubernetes.LeaderElection;

/// <summary>What a Lease says. Every field of a Lease may be absent: somebody may have made it by hand.</summary>
/// <param name="Holder">Who holds it; empty when nobody does.</param>
/// <param name="Duration">How long others leave it to the holder; null: it does not say.</param>
/// <param name="AcquireTime">When the holder took it, by the holder's clock; for people.</param>
/// <param name="RenewTime">When the holder renewed it, by the holder's clock; for people.</param>
/// <param name="Transitions">How often the holder has changed.</param>
internal sealed record LeaseRecord(string Holder, TimeSpan? Duration, DateTime? AcquireTime, DateTime? RenewTime, int Transitions)
{
    public static LeaseRecord From(V1LeaseSpec? spec) => new(
        spec?.HolderIdentity ?? "",
        spec?.LeaseDurationSeconds is { } seconds and > 0 ? TimeSpan.FromSeconds(seconds) : null,
        spec?.AcquireTime,
        spec?.RenewTime,
        spec?.LeaseTransitions ?? 0);

    public V1LeaseSpec ToSpec() => new()
    {
        // The API takes no empty text here, only an absent one.
        HolderIdentity = Holder.Length == 0 ? null : Holder,
        LeaseDurationSeconds = Duration is { } duration ? (int)duration.TotalSeconds : null,
        AcquireTime = AcquireTime,
        RenewTime = RenewTime,
        LeaseTransitions = Transitions,
    };
}
