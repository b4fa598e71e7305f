using ModelOperator.Kubernetes.Entities.Attributes;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Api.RollbackPolicies;

/// <summary>What the operator makes of a policy.</summary>
public sealed class RollbackPolicyStatus
{
    /// <summary>The generation of the spec that this status is about.</summary>
    public long? ObservedGeneration { get; set; }

    /// <summary>The ModelDeployments that name this policy, in order.</summary>
    [XListType("atomic")]
    public IList<string>? UsedBy { get; set; }

    /// <summary>Conditions, by type. Ready: the policy can judge.</summary>
    [XListMapKeys("type")]
    public IList<V1Condition>? Conditions { get; set; }
}
