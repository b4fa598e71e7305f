using ModelOperator.Api.RollbackPolicies;
using ModelOperator.Kubernetes.Entities.Attributes;

namespace ModelOperator.Api.ModelRevisions;

/// <summary>A RollbackPolicy as it was when a rollout started.</summary>
public sealed class PolicySnapshot
{
    /// <summary>The policy's name.</summary>
    public string Name { get; set; } = "";

    /// <summary>Its spec; it was checked when the policy was written.</summary>
    [PreserveUnknownFields]
    public RollbackPolicySpec Spec { get; set; } = new();
}
