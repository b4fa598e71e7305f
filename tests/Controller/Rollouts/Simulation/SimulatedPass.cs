using ModelOperator.Controller.Rollouts;

namespace ModelOperator.Controller.Tests.Rollouts.Simulation;

/// <param name="World">What the pass saw.</param>
/// <param name="Plan">What it made of it.</param>
/// <param name="Finished">Whether it lived to write its status.</param>
internal sealed record SimulatedPass(RolloutWorld World, RolloutPlan Plan, bool Finished);
