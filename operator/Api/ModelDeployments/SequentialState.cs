using ModelOperator.Kubernetes.Entities.Attributes;

namespace ModelOperator.Api.ModelDeployments;

/// <summary>
/// What a sequential comparison remembers between looks: sums, all of them whole numbers, so that any operator process continues exactly
/// where another one stopped. Natural logarithms of likelihood ratios are kept in millionths, chi-squares in thousandths.
/// </summary>
public sealed class SequentialState
{
    /// <summary>The candidate and the stable revision it is compared with, and under which settings; others begin anew.</summary>
    public string? Of { get; set; }

    /// <summary>Everything up to here has been counted.</summary>
    public DateTime? CountedTo { get; set; }

    /// <summary>The step whose evidence for promotion is held here; a step has to earn its own.</summary>
    public DateTime? StepStartedAt { get; set; }

    /// <summary>Intervals that were counted.</summary>
    public long? Looks { get; set; }

    /// <summary>The candidate's bad events.</summary>
    public long? CandidateBad { get; set; }

    /// <summary>The candidate's events.</summary>
    public long? CandidateTotal { get; set; }

    /// <summary>Stable's bad events.</summary>
    public long? StableBad { get; set; }

    /// <summary>Stable's events.</summary>
    public long? StableTotal { get; set; }

    /// <summary>Log likelihood ratios against <c>maxRatio</c> if events are independent, for each ratio of the grid above it.</summary>
    [XListType("atomic")]
    public IList<long>? HarmOfEvents { get; set; }

    /// <summary>The same if events come in bursts.</summary>
    [XListType("atomic")]
    public IList<long>? HarmOfBursts { get; set; }

    /// <summary>Log likelihood ratios against <c>provenBelow</c> if events are independent, for each ratio of the grid below it.</summary>
    [XListType("atomic")]
    public IList<long>? ProofOfEvents { get; set; }

    /// <summary>The same if events come in bursts.</summary>
    [XListType("atomic")]
    public IList<long>? ProofOfBursts { get; set; }

    /// <summary>The candidate was shown to be worse; this stays.</summary>
    public bool? Harmful { get; set; }

    /// <summary>The candidate was shown, in this step, not to be much worse; this stays until the next step.</summary>
    public bool? Proven { get; set; }

    /// <summary>Chi-square of stable's bad rate from one interval to the next, and of how many differences.</summary>
    public long? IntervalChiSquare { get; set; }

    /// <summary>Differences behind <see cref="IntervalChiSquare"/>.</summary>
    public long? IntervalDifferences { get; set; }

    /// <summary>Chi-square of stable's bad rate between pods within an interval.</summary>
    public long? PodChiSquare { get; set; }

    /// <summary>Degrees of freedom of <see cref="PodChiSquare"/>.</summary>
    public long? PodDegrees { get; set; }

    /// <summary>Stable's bad events in the latest interval.</summary>
    public long? LatestStableBad { get; set; }

    /// <summary>Stable's events in the latest interval.</summary>
    public long? LatestStableTotal { get; set; }

    /// <summary>Stable's intervals that were seen, with those before the candidate came.</summary>
    public long? StableIntervals { get; set; }

    /// <summary>Stable's bad events in them.</summary>
    public long? StableBadSeen { get; set; }

    /// <summary>Stable's bad rate of late, in billionths.</summary>
    public long? StableRateOfLate { get; set; }
}
