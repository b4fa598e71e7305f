using ModelOperator.Api.Conventions;
using ModelOperator.Api.ModelDeployments;
using ModelOperator.Api.RollbackPolicies;
using ModelOperator.Controller.Reporting;
using ModelOperator.Judgement.Queries;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Controller.Analysis.Policies;

/// <summary>Writes a policy's status. Pure.</summary>
internal static class PolicyReport
{
    /// <summary>The status; equal to the last one when nothing changed.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="users">The ModelDeployments that name it.</param>
    /// <param name="now">When.</param>
    public static RollbackPolicyStatus Build(V1Alpha1RollbackPolicy policy, IEnumerable<V1Alpha1ModelDeployment> users, DateTime now)
    {
        var generation = policy.Metadata.Generation ?? 0;
        var problems = PolicyValidation.Problems(policy.Spec);
        var conditions = new ConditionSet(policy.Status.Conditions, generation, now);
        var (reason, message) = problems.Count == 0 ? ("Usable", "") : ("InvalidSpec", string.Join("; ", problems));
        conditions.Set(ConditionTypes.Ready, problems.Count == 0, reason, message);
        conditions.Set(ConditionTypes.Stalled, problems.Count > 0, problems.Count == 0 ? "NotStalled" : reason, message);
        var usedBy = users.Select(deployment => deployment.Name()).Order(StringComparer.Ordinal).ToList();
        return new RollbackPolicyStatus
        {
            ObservedGeneration = generation,
            UsedBy = usedBy.Count == 0 ? null : usedBy,
            Conditions = conditions.Conditions,
        };
    }

    /// <summary>The policies that a ModelDeployment names.</summary>
    public static IEnumerable<string> NamedBy(V1Alpha1ModelDeployment deployment) =>
        (deployment.Spec.Rollout?.Policies ?? []).Select(reference => reference.Name);
}
