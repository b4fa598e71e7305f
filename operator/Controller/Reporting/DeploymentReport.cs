using ModelOperator.Api.ModelDeployments;
using ModelOperator.Controller.Rollouts;

namespace ModelOperator.Controller.Reporting;

/// <summary>What a status is made from.</summary>
internal sealed record DeploymentReport
{
    /// <summary>The generation of the spec that this pass looked at.</summary>
    public required long Generation { get; init; }

    public required string Name { get; init; }

    /// <summary>Where requests go; null when that is not known yet.</summary>
    public required string? Url { get; init; }

    /// <summary>The status before this pass.</summary>
    public required ModelDeploymentStatus Previous { get; init; }

    public required RolloutWorld World { get; init; }

    public required RolloutPlan Plan { get; init; }

    /// <summary>Version and digest of each revision, by name.</summary>
    public required IReadOnlyDictionary<string, (string Version, string? Digest)> Identities { get; init; }

    public Rollout Rollout => Plan.Rollout;

    /// <summary>Whether the spec asks for something that was rolled back.</summary>
    public bool WantsRejected => World.Target.Problem is null && Rollout.Rejected.Contains(World.Target.ContentHash)
        && World.Find(Rollout.Stable)?.ContentHash != World.Target.ContentHash;

    /// <summary>Whether the stable revision is what the spec asks for.</summary>
    public bool ServesWanted => World.Find(Rollout.Stable) is { } stable && stable.ContentHash == World.Target.ContentHash;
}
