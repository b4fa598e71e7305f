using ModelOperator.Api.Conventions;

namespace ModelOperator.Api.ModelDeployments;

/// <summary>What a spec that says nothing about its rollout gets.</summary>
public static class RolloutDefaults
{
    public static readonly TimeSpan Bake = TimeSpan.FromMinutes(30);

    public static readonly TimeSpan ProgressDeadline = TimeSpan.FromMinutes(10);

    private static readonly IReadOnlyList<RolloutStep> CanarySteps =
        [new() { Weight = 0, Mirror = 100, Hold = "1m" }, new() { Weight = 5, Hold = "5m" }, new() { Weight = 25, Hold = "5m" }, new() { Weight = 50, Hold = "5m" }];

    // Not every Gateway can copy requests.
    private static readonly IReadOnlyList<RolloutStep> CanaryStepsOfGateway = [.. CanarySteps.Skip(1)];

    /// <summary>The steps of a rollout: those of the spec, else those of its strategy.</summary>
    public static IReadOnlyList<RolloutStep> Steps(ModelDeploymentSpec spec) => (spec.Rollout?.Steps, spec.Rollout?.Strategy ?? "Canary") switch
    {
        ({ Count: > 0 } steps, _) => [.. steps],
        (_, "Canary") => spec.Traffic?.Provider == "GatewayAPI" ? CanaryStepsOfGateway : CanarySteps,
        _ => [],
    };

    /// <summary>Reads a duration of the spec. A text that is none is a problem of the spec already; what runs goes on with the default.</summary>
    public static TimeSpan Read(string? text, TimeSpan fallback) => Duration.TryParse(text, out var value) ? value : fallback;
}
