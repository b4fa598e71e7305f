using ModelOperator.Api.RollbackPolicies;

namespace ModelOperator.Api.ModelRevisions;

/// <summary>A RollbackPolicy as it was when a rollout started.</summary>
public sealed class PolicySnapshot
{
    /// <summary>The policy's name.</summary>
    public string Name { get; set; } = "";

    /// <summary>Its spec.</summary>
    public RollbackPolicySpec Spec { get; set; } = new();
}
