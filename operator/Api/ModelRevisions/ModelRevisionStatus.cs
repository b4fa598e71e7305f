using ModelOperator.Api.ModelDeployments;
using ModelOperator.Kubernetes.Entities.Attributes;

namespace ModelOperator.Api.ModelRevisions;

/// <summary>What became of a revision.</summary>
public sealed class ModelRevisionStatus
{
    /// <summary>SHA-256 of its bytes: the spec's, or the first that a pod reported.</summary>
    public string? Digest { get; set; }

    /// <summary>Candidate, Stable, Promoted (was stable, then followed by another), RolledBack or Superseded.</summary>
    public string? Outcome { get; set; }

    /// <summary>Why, in words.</summary>
    public string? Reason { get; set; }

    /// <summary>When the outcome was reached.</summary>
    public DateTime? At { get; set; }

    /// <summary>The verdicts at that time.</summary>
    [XListType("atomic")]
    public IList<AnalysisStatus>? Verdicts { get; set; }

    /// <summary>Commands about it that were followed, oldest first; the last 20.</summary>
    [XListType("atomic")]
    public IList<CommandRecord>? Commands { get; set; }

    /// <summary>The policies as they were when the rollout started.</summary>
    [XListType("atomic")]
    public IList<PolicySnapshot>? Policies { get; set; }
}
