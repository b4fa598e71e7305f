using ModelOperator.Api.Conventions;
using ModelOperator.Kubernetes.Entities.Attributes;

namespace ModelOperator.Api.ModelDeployments;

/// <summary>How a new revision takes over.</summary>
[ValidationRule("self.strategy != 'BlueGreen' || !has(self.steps) || self.steps.all(s, s.weight == 0)", "BlueGreen switches all at once: its steps have weight 0", FieldPath = ".steps")]
[ValidationRule("self.strategy != 'Recreate' || !has(self.steps)", "Recreate has no steps", FieldPath = ".steps")]
[ValidationRule("self.strategy != 'BlueGreen' || self.capacity != 'Shared'", "BlueGreen needs room for both revisions at full size: capacity must be Surge", FieldPath = ".capacity")]
public sealed class RolloutSettings
{
    /// <summary>
    /// Canary: in steps. BlueGreen: all at once, when the new revision stands ready at full size; meanwhile the Service NAME-preview leads
    /// to it. Recreate: all at once, after the old revision's pods have gone; nothing is served in between.
    /// </summary>
    [DefaultValue("Canary")]
    [EnumValues("Canary", "BlueGreen", "Recreate")]
    public string? Strategy { get; set; }

    /// <summary>
    /// Surge: the candidate's pods come on top of stable's, and the way back is warm. Shared: stable shrinks as the candidate grows, for
    /// clusters without spare devices; shares then follow the pods, and going back means to start pods again.
    /// </summary>
    [DefaultValue("Surge")]
    [EnumValues("Surge", "Shared")]
    public string? Capacity { get; set; }

    /// <summary>The shares that the candidate gets, in order; default with Canary a copy of everything for 1 minute, then 5, 25 and 50 percent for 5 minutes each (with provider GatewayAPI without the copy).</summary>
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
