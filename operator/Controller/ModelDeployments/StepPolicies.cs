using ModelOperator.Api.ModelRevisions;
using ModelOperator.Api.RollbackPolicies;
using ModelOperator.Controller.Rollouts;

namespace ModelOperator.Controller.ModelDeployments;

/// <summary>
/// Which metrics can tell anything where a rollout stands. Of a candidate that only gets copies no caller's answer tells
/// anything; how its answers differ does, and tells nothing where no copies are sent. A metric without a source would hold a
/// step for ever.
/// </summary>
internal static class StepPolicies
{
    /// <summary>The policies with these metrics alone, without those that have none of them.</summary>
    /// <param name="rollout">Somebody is on trial in it.</param>
    /// <param name="policies">Those in force.</param>
    /// <returns>Null: nobody looks at what the candidate answers, so the step only lasts its time.</returns>
    public static IReadOnlyList<PolicySnapshot>? Of(Rollout rollout, IReadOnlyList<PolicySnapshot> policies)
    {
        var step = rollout.State == RolloutState.Stepping ? rollout.Steps[rollout.StepIndex] : null;
        var answersCallers = step is null or { TakesTraffic: true };
        var getsCopies = step is { Mirror: > 0 };
        if (answersCallers && getsCopies)
        {
            return policies;
        }

        List<PolicySnapshot> telling = [.. policies.Select(policy => With(policy, disagreements: getsCopies)).Where(policy => policy.Spec.Metrics.Count > 0)];
        return answersCallers || telling.Count > 0 ? telling : null;
    }

    private static bool IsDisagreement(PolicyMetric metric) => metric.Builtin == "disagreement" || metric.Compare?.Builtin == "disagreements";

    private static PolicySnapshot With(PolicySnapshot policy, bool disagreements) => new()
    {
        Name = policy.Name,
        Spec = new RollbackPolicySpec
        {
            Prometheus = policy.Spec.Prometheus,
            Interval = policy.Spec.Interval,
            Metrics = [.. policy.Spec.Metrics.Where(metric => IsDisagreement(metric) == disagreements)],
            OnNoData = policy.Spec.OnNoData,
            OnError = policy.Spec.OnError,
            DryRun = policy.Spec.DryRun,
        },
    };
}
