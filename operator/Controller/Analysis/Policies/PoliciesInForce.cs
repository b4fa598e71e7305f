using ModelOperator.Api.Conventions;
using ModelOperator.Api.ModelRevisions;
using ModelOperator.Api.RollbackPolicies;
using ModelOperator.Judgement.Queries;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Controller.Analysis.Policies;

/// <summary>
/// What a running rollout is judged by: its policies as they were when it started, so that a later edit does not move the goal posts, but a
/// policy as it is now where it is annotated <see cref="PolicyAnnotations.ApplyNow"/>. Pure.
/// </summary>
internal static class PoliciesInForce
{
    /// <param name="snapshots">The policies when the rollout started.</param>
    /// <param name="find">Finds a policy as it is now; null when it is gone.</param>
    public static IReadOnlyList<PolicySnapshot> Of(IEnumerable<PolicySnapshot> snapshots, Func<string, V1Alpha1RollbackPolicy?> find) =>
        [.. snapshots.Select(snapshot => find(snapshot.Name) is { } policy && AppliesNow(policy) ? new PolicySnapshot { Name = snapshot.Name, Spec = policy.Spec } : snapshot)];

    // An edit that cannot judge would only stop what is running.
    private static bool AppliesNow(V1Alpha1RollbackPolicy policy) =>
        policy.Annotations()?.TryGetValue(PolicyAnnotations.ApplyNow, out var value) == true && value == "true" && PolicyValidation.Problems(policy.Spec).Count == 0;
}
