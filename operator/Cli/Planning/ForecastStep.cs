using ModelOperator.Api.Conventions;
using ModelOperator.Api.ModelDeployments;
using ModelOperator.Cli.Views;

namespace ModelOperator.Cli.Planning;

/// <summary>A part of a rollout.</summary>
/// <param name="What">What the candidate gets, and for how long.</param>
/// <param name="Pods">The candidate's pods.</param>
/// <param name="Begins">When, at the earliest: pods need time to start, and the judgement may take longer; null: when a person allows it.</param>
internal sealed record ForecastStep(string What, int Pods, DateTime? Begins)
{
    /// <summary>The rollout of a spec that is applied at a time.</summary>
    public static IReadOnlyList<ForecastStep> Of(ModelDeploymentSpec spec, DateTimeOffset now)
    {
        var replicas = spec.Replicas ?? 1;
        var isShared = spec.Rollout?.Capacity == "Shared";
        var isCanary = spec.Rollout?.Strategy is null or "Canary";
        var isWarm = spec.Rollout?.Strategy != "Recreate" && !isShared;
        DateTime? at = now.UtcDateTime;
        var plan = new List<ForecastStep>();
        if (spec.Rollout?.Strategy == "Recreate")
        {
            plan.Add(new ForecastStep("nothing is served while the old pods stop and the new ones start", replicas, at));
        }

        foreach (var step in RolloutDefaults.Steps(spec))
        {
            var pods = isCanary ? PodsFor(step, replicas, isShared) : replicas;
            plan.Add(new ForecastStep(DeploymentHeader.Describe(step), pods, at));
            at = step.Hold switch
            {
                RolloutStep.Approval => null,
                RolloutStep.Evidence => at + RolloutDefaults.Read(step.MinHold, TimeSpan.Zero),
                var hold => at + RolloutDefaults.Read(hold, TimeSpan.Zero),
            };
        }

        var bake = RolloutDefaults.Read(spec.Rollout?.Bake, RolloutDefaults.Bake);
        plan.Add(new ForecastStep($"everything, baking for {Duration.Format(bake)}", replicas, at));
        plan.Add(new ForecastStep(isWarm ? "the old revision is scaled down" : "the bake is over", replicas, at + bake));
        return plan;
    }

    private static int PodsFor(RolloutStep step, int replicas, bool isShared)
    {
        var load = Math.Max(step.Weight ?? 0, step.Mirror ?? 0);
        var pods = Math.Clamp((int)Math.Ceiling(replicas * load / 100.0), 1, Math.Max(1, replicas));
        return isShared && (step.Weight ?? 0) < 100 ? Math.Min(pods, Math.Max(1, replicas - 1)) : pods;
    }
}
