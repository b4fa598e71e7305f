using ModelOperator.Api.ModelDeployments;
using ModelOperator.Controller.Rollouts;

namespace ModelOperator.Controller.ModelDeployments;

/// <summary>Fills in what a spec leaves open.</summary>
internal static class TargetBuilder
{
    public static RolloutTarget Build(ModelDeploymentSpec spec, string contentHash, SpecProblem? problem) => new()
    {
        ContentHash = contentHash,
        Replicas = spec.Replicas ?? 1,
        Steps = [.. RolloutDefaults.Steps(spec).Select(TrafficStep.From)],
        Strategy = Strategy(spec.Rollout),
        Capacity = Enum.TryParse<CapacityMode>(spec.Rollout?.Capacity, out var capacity) ? capacity : CapacityMode.Surge,
        Bake = RolloutDefaults.Read(spec.Rollout?.Bake, RolloutDefaults.Bake),
        ProgressDeadline = RolloutDefaults.Read(spec.Rollout?.ProgressDeadline, RolloutDefaults.ProgressDeadline),
        Paused = spec.Rollout?.Paused ?? false,
        Problem = problem,
    };

    private static RolloutStrategy Strategy(RolloutSettings? settings) =>
        Enum.TryParse<RolloutStrategy>(settings?.Strategy, out var strategy) ? strategy : RolloutStrategy.Canary;
}
