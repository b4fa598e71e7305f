using ModelOperator.Api.Conventions;
using ModelOperator.Kubernetes.Entities.Attributes;

namespace ModelOperator.Api.ModelDeployments;

/// <summary>How a new revision takes over.</summary>
public sealed class RolloutSettings
{
    /// <summary>The way of moving traffic.</summary>
    [DefaultValue("Canary")]
    [EnumValues("Canary")]
    public string? Strategy { get; set; }

    /// <summary>The shares that the candidate gets, in order; default 5, 25 and 50 percent for 5 minutes each.</summary>
    [Items(1, 32)]
    [XListType("atomic")]
    [ValidationRule("self.map(s, s.weight).isSorted()", "the weights of the steps must not fall")]
    public IList<RolloutStep>? Steps { get; set; }

    /// <summary>How long after promotion the new revision is still judged and the old one kept warm.</summary>
    [DefaultValue("30m")]
    [Pattern(Duration.Pattern)]
    [Length(2, 32)]
    public string? Bake { get; set; }

    /// <summary>A candidate must become ready within this time.</summary>
    [DefaultValue("10m")]
    [Pattern(Duration.Pattern)]
    [Length(2, 32)]
    public string? ProgressDeadline { get; set; }

    /// <summary>Holds the rollout where it is.</summary>
    [DefaultValue(false)]
    public bool? Paused { get; set; }

    /// <summary>The RollbackPolicies, in the same namespace, that judge it; none: error rate and p99.</summary>
    [Items(0, 16)]
    [XListMapKeys("name")]
    public IList<PolicyReference>? Policies { get; set; }
}
