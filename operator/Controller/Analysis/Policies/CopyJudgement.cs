using ModelOperator.Api.ModelRevisions;
using ModelOperator.Api.RollbackPolicies;
using ModelOperator.Controller.Analysis.Queries;

namespace ModelOperator.Controller.Analysis.Policies;

/// <summary>Says what can be judged of a candidate that only gets copies of requests.</summary>
internal static class CopyJudgement
{
    /// <summary>
    /// The policies with those metrics that mean something then. No caller sees such a candidate's answers: where routers count, how they differ
    /// tells; a model server counts a copy like any request, so there its own errors and times do. A user's own query may be about
    /// anything and is left for the steps with traffic.
    /// </summary>
    public static IReadOnlyList<PolicySnapshot> Policies(IEnumerable<PolicySnapshot> policies, CounterSource source) =>
        [.. policies.Select(policy => Only(policy, source)).Where(policy => policy.Spec.Metrics.Count > 0)];

    private static PolicySnapshot Only(PolicySnapshot policy, CounterSource source) => new()
    {
        Name = policy.Name,
        Spec = new RollbackPolicySpec
        {
            Prometheus = policy.Spec.Prometheus,
            Interval = policy.Spec.Interval,
            Metrics = [.. policy.Spec.Metrics.Where(metric => Tells(metric, source))],
            OnNoData = policy.Spec.OnNoData,
            OnError = policy.Spec.OnError,
            DryRun = policy.Spec.DryRun,
        },
    };

    private static bool Tells(PolicyMetric metric, CounterSource source)
    {
        var isDisagreement = metric.Builtin == "disagreement" || metric.Compare?.Builtin == "disagreements";
        return source == CounterSource.Router ? isDisagreement : !isDisagreement && (metric.Builtin ?? metric.Compare?.Builtin) is not null;
    }
}
