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

    /// <summary>When the step under way has lasted long enough; absent until it is served.</summary>
    public DateTime? StepDueAt { get; set; }

    /// <summary>Since when the candidate, in a step that gives it a share, has had no pod to serve it; the step's time moves by that.</summary>
    public DateTime? AwaySince { get; set; }

    /// <summary>How many transitions there have been; it identifies the event of the next one.</summary>
    public long? Transitions { get; set; }

    /// <summary>Transitions that are written down here and not told as events yet, in order; the next pass tells them.</summary>
    [XListType("atomic")]
    public IList<UntoldTransition>? Untold { get; set; }

    /// <summary>The revision that was stable before the promotion and is kept warm while Baking.</summary>
    public string? Previous { get; set; }

    /// <summary>The revision that a rollback command asked for; followed instead of the spec until the spec changes.</summary>
    public string? Pinned { get; set; }

    /// <summary>The command annotations that have been dealt with, by verb; the same text is not obeyed twice.</summary>
    public IDictionary<string, string>? Commands { get; set; }

    /// <summary>
    /// How many pods are known to carry all requests: spec.replicas, but after that was raised only as many as stable has had
    /// ready since. Shares of the traffic are bounded by ready pods relative to this number.
    /// </summary>
    public int? CarriedBy { get; set; }

    /// <summary>The content hash of the candidate.</summary>
    public string? CandidateHash { get; set; }

    /// <summary>
    /// The candidate, or while Baking the new stable, lacked ready pods and must have them by then; absent once it has had enough of them
    /// without a break for as long as spec.rollout.progressDeadline.
    /// </summary>
    public DateTime? DeadlineAt { get; set; }

    /// <summary>Since when it has had enough again; if it loses them once more, the deadline has moved by that time and no further.</summary>
    public DateTime? ReadySince { get; set; }

    /// <summary>The deadline has passed and there is no other revision to go back to.</summary>
    public bool? Overdue { get; set; }

    /// <summary>Since when the rollout has been held; a deadline moves by the time that was spent so.</summary>
    public DateTime? HeldSince { get; set; }

    /// <summary>Failed, Reverted (the spec went back to stable's) or Superseded (by another spec); only while Aborting.</summary>
    public string? AbortCause { get; set; }

    /// <summary>Why the candidate is being taken back; only while Aborting.</summary>
    public string? AbortReason { get; set; }

    /// <summary>The metric behind <see cref="AbortReason"/>, if one was.</summary>
    public string? AbortMetric { get; set; }

    /// <summary>The strategy as it was when the rollout started.</summary>
    public string? Strategy { get; set; }

    /// <summary>The capacity as it was when the rollout started.</summary>
    public string? Capacity { get; set; }

    /// <summary>
    /// The steps as they were when the step under way began. A changed spec counts from the next step on, and only if it
    /// leaves the weights up to this step as they are.
    /// </summary>
    [XListType("atomic")]
    public IList<RolloutStep>? Steps { get; set; }
}
