using ModelOperator.Kubernetes.Entities.Attributes;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Api.ModelDeployments;

/// <summary>What the operator has seen and done. Every time in it is absolute, so any operator process can continue.</summary>
public sealed class ModelDeploymentStatus
{
    /// <summary>The generation of the spec that this status is about.</summary>
    public long? ObservedGeneration { get; set; }

    /// <summary>A summary of the conditions: Pending, Progressing, Paused, Baking, Available, RollingBack, RolledBack or Degraded.</summary>
    public string? Phase { get; set; }

    /// <summary>What is going on, in words.</summary>
    public string? Message { get; set; }

    /// <summary>Where requests go.</summary>
    public string? Url { get; set; }

    /// <summary>Pods of all revisions.</summary>
    public int? Replicas { get; set; }

    /// <summary>Pods of all revisions that are ready.</summary>
    public int? ReadyReplicas { get; set; }

    /// <summary>The label selector of the pods, in text form.</summary>
    public string? Selector { get; set; }

    /// <summary>The revision that is trusted.</summary>
    public ArmStatus? Stable { get; set; }

    /// <summary>The revision that is on trial.</summary>
    public ArmStatus? Candidate { get; set; }

    /// <summary>The step under way, counted from 1, of how many: <c>2/4</c>.</summary>
    public string? Step { get; set; }

    /// <summary>When the step's weight was first served.</summary>
    public DateTime? StepStartedAt { get; set; }

    /// <summary>When time alone would next change something.</summary>
    public DateTime? NextAt { get; set; }

    /// <summary>Where the rollout stands; what a new operator process continues from.</summary>
    public RolloutProgress? Rollout { get; set; }

    /// <summary>The latest verdict of every metric.</summary>
    [XListType("atomic")]
    public IList<AnalysisStatus>? Analysis { get; set; }

    /// <summary>The last time that traffic was taken back.</summary>
    public RollbackRecord? LastRollback { get; set; }

    /// <summary>Content hashes of specs that were rolled back; the same spec is not tried again by itself.</summary>
    [XListType("atomic")]
    public IList<string>? RejectedRevisions { get; set; }

    /// <summary>Conditions, by type.</summary>
    [XListMapKeys("type")]
    public IList<V1Condition>? Conditions { get; set; }
}
