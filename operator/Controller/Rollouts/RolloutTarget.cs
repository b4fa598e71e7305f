using ModelOperator.Api.ModelDeployments;

namespace ModelOperator.Controller.Rollouts;

/// <summary>What a spec asks for, defaults filled in.</summary>
internal sealed record RolloutTarget
{
    /// <summary>Content hash of what should be served.</summary>
    public required string ContentHash { get; init; }

    /// <summary>Pods of a revision that takes everything.</summary>
    public required int Replicas { get; init; }

    public required IReadOnlyList<TrafficStep> Steps { get; init; }

    public RolloutStrategy Strategy { get; init; }

    public CapacityMode Capacity { get; init; }

    public required TimeSpan Bake { get; init; }

    public required TimeSpan ProgressDeadline { get; init; }

    /// <summary>Nothing that time or evidence would bring about happens; failures are still acted on.</summary>
    public bool Paused { get; init; }

    /// <summary>Why the spec cannot be followed. What runs is then held where it is, whatever else the spec says.</summary>
    public SpecProblem? Problem { get; init; }

    /// <summary>Whether the rollout stays where it is unless something fails.</summary>
    public bool IsHeld => Paused || Problem is not null || Replicas == 0;
}
