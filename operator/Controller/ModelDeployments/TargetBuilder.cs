using ModelOperator.Api.Conventions;
using ModelOperator.Api.ModelDeployments;
using ModelOperator.Controller.Rollouts;

namespace ModelOperator.Controller.ModelDeployments;

/// <summary>Fills in what a spec leaves open.</summary>
internal static class TargetBuilder
{
    private static readonly IReadOnlyList<TrafficStep> DefaultSteps = [new(0, "1m") { Mirror = 100 }, new(5, "5m"), new(25, "5m"), new(50, "5m")];

    // Not every Gateway can copy requests.
    private static readonly IReadOnlyList<TrafficStep> DefaultStepsOfGateway = [.. DefaultSteps.Skip(1)];
    private static readonly TimeSpan DefaultBake = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan DefaultProgressDeadline = TimeSpan.FromMinutes(10);

    public static RolloutTarget Build(ModelDeploymentSpec spec, string contentHash, SpecProblem? problem) => new()
    {
        ContentHash = contentHash,
        Replicas = spec.Replicas ?? 1,
        Steps = Steps(spec),
        Strategy = Strategy(spec.Rollout),
        Capacity = Enum.TryParse<CapacityMode>(spec.Rollout?.Capacity, out var capacity) ? capacity : CapacityMode.Surge,
        Bake = Read(spec.Rollout?.Bake, DefaultBake),
        ProgressDeadline = Read(spec.Rollout?.ProgressDeadline, DefaultProgressDeadline),
        Paused = spec.Rollout?.Paused ?? false,
        Problem = problem,
    };

    private static RolloutStrategy Strategy(RolloutSettings? settings) =>
        Enum.TryParse<RolloutStrategy>(settings?.Strategy, out var strategy) ? strategy : RolloutStrategy.Canary;

    private static IReadOnlyList<TrafficStep> Steps(ModelDeploymentSpec spec) => (spec.Rollout?.Steps, Strategy(spec.Rollout)) switch
    {
        ({ Count: > 0 } steps, _) => [.. steps.Select(TrafficStep.From)],
        (_, RolloutStrategy.Canary) => spec.Traffic?.Provider == nameof(TrafficProvider.GatewayAPI) ? DefaultStepsOfGateway : DefaultSteps,
        _ => [],
    };

    // A text that is no duration is a problem of the spec already; what runs goes on with the default.
    private static TimeSpan Read(string? text, TimeSpan fallback) => Duration.TryParse(text, out var value) ? value : fallback;
}
