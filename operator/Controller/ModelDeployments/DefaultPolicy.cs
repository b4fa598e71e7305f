using ModelOperator.Api.ModelRevisions;
using ModelOperator.Api.RollbackPolicies;

namespace ModelOperator.Controller.ModelDeployments;

/// <summary>What judges a rollout that names no policy: answers must come, and within a second.</summary>
internal static class DefaultPolicy
{
    public const string Name = "default";

    public static PolicySnapshot Snapshot() => new()
    {
        Name = Name,
        Spec = new RollbackPolicySpec
        {
            Interval = "15s",
            Metrics =
            [
                new PolicyMetric { Name = "error-rate", Builtin = "errorRate", Max = 0.05, MinSamples = 50, FailureLimit = 0 },
                new PolicyMetric { Name = "latency-p99", Builtin = "latencyP99", Max = 1, MinSamples = 100, FailureLimit = 1 },
            ],
        },
    };
}
