using ModelOperator.Api.ModelRoutes;
using ModelOperator.Kubernetes.Entities.Attributes;

namespace ModelOperator.Api.ModelDeployments;

/// <summary>One step of a rollout.</summary>
[ValidationRule("self.hold == 'evidence' || (!has(self.minHold) && !has(self.maxHold))", "minHold and maxHold go with hold: evidence")]
public sealed class RolloutStep
{
    /// <summary>The <see cref="Hold"/> that lasts until the candidate is shown to be no worse than its policies allow.</summary>
    public const string Evidence = "evidence";

    /// <summary>The <see cref="Hold"/> that lasts until a person says <c>promote</c>.</summary>
    public const string Approval = "approval";

    /// <summary>Percent of the requests that go to the candidate.</summary>
    [DefaultValue(0)]
    [RangeMinimum(0)]
    [RangeMaximum(100)]
    public int? Weight { get; set; }

    /// <summary>
    /// Percent of stable's requests of which the candidate gets a copy; no caller waits for its answers, which are compared with stable's.
    /// </summary>
    [RangeMinimum(0)]
    [RangeMaximum(100)]
    public int? Mirror { get; set; }

    /// <summary>Callers that always get the candidate while the step lasts, whatever its weight: those that match any of these.</summary>
    [Items(1, 16)]
    [XListType("atomic")]
    public IList<RouteMatch>? Match { get; set; }

    /// <summary>
    /// What ends the step: a duration, after which a judgement that passes ends it; evidence, which is as long as the proof takes
    /// that the candidate is not worse; or approval, a person's promote.
    /// </summary>
    [Required]
    [Pattern("^(evidence|approval|([0-9]+(\\.[0-9]+)?(h|m|s|ms|us))+)$")]
    [Length(2, 32)]
    public string Hold { get; set; } = "";

    /// <summary>With <c>hold: evidence</c>, how long the step lasts at least.</summary>
    [Pattern(Conventions.Duration.Pattern)]
    [Length(2, 32)]
    public string? MinHold { get; set; }

    /// <summary>With <c>hold: evidence</c>, how long the proof may take before the rollout pauses for a person; absent: for ever.</summary>
    [Pattern(Conventions.Duration.Pattern)]
    [Length(2, 32)]
    public string? MaxHold { get; set; }
}
