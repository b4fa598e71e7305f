using ModelOperator.Kubernetes.Entities.Attributes;

namespace ModelOperator.Api.ModelDeployments;

/// <summary>Where the rollout stands.</summary>
public sealed class RolloutProgress
{
    /// <summary>Idle, Preparing, Stepping, Promoting, Baking or Aborting.</summary>
    public string? State { get; set; }

    /// <summary>The step under way, counted from 0; only while Stepping.</summary>
    public int? StepIndex { get; set; }

    /// <summary>When the candidate was first seen.</summary>
    public DateTime? StartedAt { get; set; }

    /// <summary>When the present state was entered.</summary>
    public DateTime? StateSince { get; set; }

    /// <summary>The revision that was stable before the promotion and is kept warm while Baking.</summary>
    public string? Previous { get; set; }

    /// <summary>The content hash of the candidate.</summary>
    public string? CandidateHash { get; set; }

    /// <summary>Why the candidate is being taken back; only while Aborting.</summary>
    public string? AbortReason { get; set; }

    /// <summary>The metric behind <see cref="AbortReason"/>, if one was.</summary>
    public string? AbortMetric { get; set; }

    /// <summary>The steps as they were when the rollout started.</summary>
    [XListType("atomic")]
    public IList<RolloutStep>? Steps { get; set; }
}
