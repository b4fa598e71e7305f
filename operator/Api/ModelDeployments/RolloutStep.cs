using ModelOperator.Kubernetes.Entities.Attributes;

namespace ModelOperator.Api.ModelDeployments;

/// <summary>One step of a rollout.</summary>
public sealed class RolloutStep
{
    /// <summary>Percent of the requests that go to the candidate.</summary>
    [Required]
    [RangeMinimum(0)]
    [RangeMaximum(100)]
    public int Weight { get; set; }

    /// <summary>How long the step lasts at least: a duration.</summary>
    [Required]
    [Pattern(Conventions.Duration.Pattern)]
    [Length(2, 32)]
    public string Hold { get; set; } = "";
}
