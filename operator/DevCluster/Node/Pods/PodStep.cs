using System.Collections.Immutable;

namespace ModelOperator.DevCluster.Node.Pods;

/// <summary>What a step of <see cref="PodMachine"/> came to.</summary>
/// <param name="State">The pod now.</param>
/// <param name="Actions">What is to be done, in order.</param>
/// <param name="WakeAt">When to look again even if nothing happens.</param>
internal sealed record PodStep(PodState State, ImmutableArray<PodAction> Actions, DateTimeOffset? WakeAt);
