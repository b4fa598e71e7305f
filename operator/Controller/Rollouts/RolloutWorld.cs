using ModelOperator.Judgement;

namespace ModelOperator.Controller.Rollouts;

/// <summary>Everything that a pass decides on. Nothing else is looked at.</summary>
internal sealed record RolloutWorld
{
    /// <summary>What is asked for.</summary>
    public required RolloutTarget Target { get; init; }

    /// <summary>What the last pass left.</summary>
    public required Rollout Rollout { get; init; }

    /// <summary>The revisions there are, by name.</summary>
    public required IReadOnlyDictionary<string, RevisionView> Revisions { get; init; }

    public required RouteView Route { get; init; }

    /// <summary>What the judge says of <see cref="Rollout.OnTrial"/>; null when it was not asked.</summary>
    public JudgementReport? Judgement { get; init; }

    public required DateTime Now { get; init; }

    /// <summary>What people ask for beside the spec, the most urgent first; those that have been dealt with are among them.</summary>
    public IReadOnlyList<Command> Commands { get; init; } = [];

    /// <summary>Whether a rollback command counts for more than the spec: until the spec asks for something else.</summary>
    public bool IsPinned => Rollout.Pinned is not null && Find(Rollout.Pinned) is not null && Rollout.Rejected.Contains(Target.ContentHash);

    /// <summary>Content hash of what should be served.</summary>
    public string WantedHash => IsPinned ? Find(Rollout.Pinned)!.ContentHash : Target.ContentHash;

    /// <summary>The revision that the spec asks for; null when there is none (yet).</summary>
    public RevisionView? Asked => Revisions.Values.FirstOrDefault(revision => revision.ContentHash == Target.ContentHash);

    /// <summary>The revision that should be served; null when there is none (yet), or the spec cannot be followed.</summary>
    public RevisionView? Wanted => Target.Problem is null
        ? Revisions.Values.FirstOrDefault(revision => revision.ContentHash == WantedHash)
        : null;

    /// <summary>A revision by name; null when there is none of that name.</summary>
    public RevisionView? Find(string? name) => name is null ? null : Revisions.GetValueOrDefault(name);
}
