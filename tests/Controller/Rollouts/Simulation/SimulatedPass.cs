using ModelOperator.Controller.Rollouts;

namespace ModelOperator.Controller.Tests.Rollouts.Simulation;

/// <param name="World">What the pass saw.</param>
/// <param name="Plan">What it made of it.</param>
/// <param name="Before">Pods and the greatest share that any ready router sent, by revision, before it.</param>
/// <param name="Finished">Whether it lived to write its status.</param>
internal sealed record SimulatedPass(RolloutWorld World, RolloutPlan Plan, IReadOnlyDictionary<string, (int Replicas, int Weight)> Before, bool Finished);
