namespace ModelOperator.Controller.Rollouts;

/// <summary>
/// What a pass does. It is carried out in the order scale up, route, scale down, outcomes, events of the pass before, status; killed anywhere in
/// between, the next pass works out and does the rest.
/// </summary>
internal sealed record RolloutPlan
{
    /// <summary>What the next pass continues from.</summary>
    public required Rollout Rollout { get; init; }

    /// <summary>Pods to ask for, for every revision that has or needs a workload.</summary>
    public required IReadOnlyDictionary<string, int> Replicas { get; init; }

    /// <summary>The route to write; its weights add up to 100, or it is empty when there is no revision at all.</summary>
    public required IReadOnlyList<RouteArm> Arms { get; init; }

    /// <summary>What happens, in order; the next pass tells it.</summary>
    public required IReadOnlyList<Transition> Transitions { get; init; }

    public required IReadOnlyList<RevisionOutcome> Outcomes { get; init; }

    /// <summary>The commands that are followed.</summary>
    public required IReadOnlyList<CommandReceipt> Receipts { get; init; }

    /// <summary>What is going on, in words. It names absolute times only, so that it changes only when something does.</summary>
    public required string Message { get; init; }

    /// <summary>When time alone would next change something.</summary>
    public required DateTime? NextAt { get; init; }

    /// <summary>When to look again even if nothing is heard; null: only when something changes.</summary>
    public required TimeSpan? RequeueAfter { get; init; }
}
