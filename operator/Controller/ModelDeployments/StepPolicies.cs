using ModelOperator.Api.ModelRevisions;
using ModelOperator.Api.RollbackPolicies;
using ModelOperator.Controller.Rollouts;
using ModelOperator.Judgement.Queries;

namespace ModelOperator.Controller.ModelDeployments;

/// <summary>
/// Which metrics can tell anything where a rollout stands. Of a candidate that only gets copies no caller's answer tells
/// anything; how its answers differ does, and tells nothing where no copies are sent. A model server counts a copy like any
/// request, but compares nothing, and what a user's own query is about is not known. A metric without a source would hold a step
/// for ever.
/// </summary>
internal static class StepPolicies
{
    /// <summary>The policies with these metrics alone, without those that have none of them.</summary>
    /// <param name="rollout">Somebody is on trial in it.</param>
    /// <param name="policies">Those in force.</param>
    /// <param name="source">Who counts.</param>
    /// <returns>Null: nobody looks at what the candidate answers, so the step only lasts its time.</returns>
    public static IReadOnlyList<PolicySnapshot>? Of(Rollout rollout, IReadOnlyList<PolicySnapshot> policies, CounterSource source)
    {
        var step = rollout.State == RolloutState.Stepping ? rollout.Steps[rollout.StepIndex] : null;
        var answersCallers = step is null or { TakesTraffic: true };
        var isCompared = step is { Mirror: > 0 } && source == CounterSource.Router;
        if (answersCallers && isCompared)
        {
            return policies;
        }

        var isCounted = !answersCallers && source == CounterSource.ModelServer;
        List<PolicySnapshot> telling = [.. policies
            .Select(policy => With(policy, metric => IsDisagreement(metric) == isCompared && (!isCounted || IsBuiltin(metric))))
            .Where(policy => policy.Spec.Metrics.Count > 0)];
        return answersCallers || telling.Count > 0 ? telling : null;
    }

    private static bool IsBuiltin(PolicyMetric metric) => (metric.Builtin ?? metric.Compare?.Builtin) is not null;

    private static bool IsDisagreement(PolicyMetric metric) => metric.Builtin == "disagreement" || metric.Compare?.Builtin == "disagreements";

    private static PolicySnapshot With(PolicySnapshot policy, Func<PolicyMetric, bool> tells) => new()
    {
        Name = policy.Name,
        Spec = new RollbackPolicySpec
        {
            Prometheus = policy.Spec.Prometheus,
            Interval = policy.Spec.Interval,
            Metrics = [.. policy.Spec.Metrics.Where(tells)],
            OnNoData = policy.Spec.OnNoData,
            OnError = policy.Spec.OnError,
            DryRun = policy.Spec.DryRun,
        },
    };
}
