namespace ModelOperator.Controller.Rollouts;

/// <summary>Where a pass takes the rollout: at most one state or step further.</summary>
internal sealed record RolloutMove(Rollout Rollout, IReadOnlyList<Transition> Transitions, IReadOnlyList<RevisionOutcome> Outcomes, IReadOnlyList<CommandReceipt> Receipts);
