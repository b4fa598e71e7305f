using System.Collections.Immutable;
using ModelOperator.Api.ModelDeployments;

namespace ModelOperator.Controller.Rollouts;

/// <summary>
/// All that a rollout remembers. It is read from a ModelDeployment's status and written back to it on every pass, so that any
/// operator process can continue; nothing about a rollout is kept anywhere else.
/// </summary>
internal sealed record Rollout
{
    /// <summary>Specs that were rolled back, newest last, are remembered up to this many.</summary>
    public const int MaxRejected = 100;

    public static readonly Rollout None = new();

    public RolloutState State { get; init; }

    /// <summary>The step under way, counted from 0; meaningful while Stepping.</summary>
    public int StepIndex { get; init; }

    /// <summary>How many transitions there have been.</summary>
    public long Transitions { get; init; }

    /// <summary>What the pass that wrote this down has not told yet. Only what is written down is told, so that nothing is told that did not happen.</summary>
    public IReadOnlyList<Transition> Untold { get; init; } = [];

    /// <summary>When the candidate was first seen.</summary>
    public DateTime? StartedAt { get; init; }

    /// <summary>When the present state, or the present step, was entered.</summary>
    public DateTime? StateSince { get; init; }

    /// <summary>When every router first served the step's weight; its clock and the judge's windows start here.</summary>
    public DateTime? StepStartedAt { get; init; }

    /// <summary>When the step under way has lasted long enough; null until it is served.</summary>
    public DateTime? StepDueAt { get; init; }

    /// <summary>Since when the candidate has answered nobody though the step gives it a share.</summary>
    public DateTime? AwaySince { get; init; }

    /// <summary>When a revision that lacks ready pods must have them; null while none does, or has just done.</summary>
    public DateTime? DeadlineAt { get; init; }

    /// <summary>Since when a revision that has a deadline has had enough pods; null while it lacks some.</summary>
    public DateTime? ReadySince { get; init; }

    /// <summary>The first revision missed its deadline; there is nothing to go back to.</summary>
    public bool Overdue { get; init; }

    public DateTime? HeldSince { get; init; }

    /// <summary>The ModelRevision that is trusted; null before the first one is available.</summary>
    public string? Stable { get; init; }

    /// <summary>The ModelRevision on trial, or, while Aborting, the one being taken back.</summary>
    public string? Candidate { get; init; }

    /// <summary>The ModelRevision kept warm while Baking.</summary>
    public string? Previous { get; init; }

    /// <summary>
    /// Pods that are known to carry all the requests; what a share needs is measured against it. Asking for more pods takes no
    /// capacity away from those that are there, so it follows the spec up only as the pods become ready.
    /// </summary>
    public int? CarriedBy { get; init; }

    /// <summary>The revision to follow instead of the spec, as long as the spec asks for one that was rolled back.</summary>
    public string? Pinned { get; init; }

    /// <summary>The text of the last command of each verb that has been dealt with.</summary>
    public IReadOnlyDictionary<string, string> Commands { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    public AbortCause? AbortCause { get; init; }

    public string? AbortReason { get; init; }

    public string? AbortMetric { get; init; }

    /// <summary>How the rollout under way goes about it, as the spec said when it started.</summary>
    public RolloutStrategy Strategy { get; init; }

    /// <summary>Where its pods find room, as the spec said when it started.</summary>
    public CapacityMode Capacity { get; init; }

    public IReadOnlyList<TrafficStep> Steps { get; init; } = [];

    /// <summary>Content hashes that are not tried again by themselves, oldest first.</summary>
    public IReadOnlyList<string> Rejected { get; init; } = [];

    public RollbackRecord? LastRollback { get; init; }

    /// <summary>The revision that is judged now, if one is.</summary>
    public string? OnTrial => State switch
    {
        RolloutState.Stepping when !Steps[StepIndex].IsServed => null,
        RolloutState.Stepping or RolloutState.Promoting => Candidate,
        RolloutState.Baking => Stable,
        _ => null,
    };

    /// <summary>Whether stable has to make room for the candidate, which leaves no warm way back.</summary>
    public bool MakesRoom => State != RolloutState.Idle && (Strategy == RolloutStrategy.Recreate || Capacity == CapacityMode.Shared);

    /// <summary>The step under way, counted from 1; null when none is.</summary>
    public int? StepNumber => State == RolloutState.Stepping ? StepIndex + 1 : null;

    /// <summary>The revision that would get the traffic back.</summary>
    public string? Fallback => State == RolloutState.Baking ? Previous : Stable;

    /// <summary>What the judge may look at: from this time on.</summary>
    public DateTime? JudgedSince => State == RolloutState.Baking ? StateSince : StepStartedAt;

    /// <summary>Reads what an operator process wrote.</summary>
    public static Rollout Read(ModelDeploymentStatus status)
    {
        var progress = status.Rollout ?? new RolloutProgress();
        return new Rollout
        {
            State = Enum.TryParse<RolloutState>(progress.State, out var state) ? state : RolloutState.Idle,
            StepIndex = progress.StepIndex ?? 0,
            Transitions = progress.Transitions ?? 0,
            Untold = [.. (progress.Untold ?? []).Select(Transition.From)],
            StartedAt = progress.StartedAt,
            StateSince = progress.StateSince,
            StepStartedAt = status.StepStartedAt,
            StepDueAt = progress.StepDueAt,
            AwaySince = progress.AwaySince,
            Pinned = progress.Pinned,
            Commands = (progress.Commands ?? new Dictionary<string, string>()).ToImmutableSortedDictionary(StringComparer.Ordinal),
            DeadlineAt = progress.DeadlineAt,
            ReadySince = progress.ReadySince,
            Overdue = progress.Overdue ?? false,
            HeldSince = progress.HeldSince,
            Stable = status.Stable?.Revision,
            Candidate = status.Candidate?.Revision,
            Previous = progress.Previous,
            CarriedBy = progress.CarriedBy,
            AbortCause = Enum.TryParse<AbortCause>(progress.AbortCause, out var cause) ? cause : null,
            AbortReason = progress.AbortReason,
            AbortMetric = progress.AbortMetric,
            Strategy = Enum.TryParse<RolloutStrategy>(progress.Strategy, out var strategy) ? strategy : RolloutStrategy.Canary,
            Capacity = Enum.TryParse<CapacityMode>(progress.Capacity, out var capacity) ? capacity : CapacityMode.Surge,
            Steps = [.. (progress.Steps ?? []).Select(TrafficStep.From)],
            Rejected = [.. status.RejectedRevisions ?? []],
            LastRollback = status.LastRollback,
        };
    }

    /// <summary>The part of the status that only the next pass reads.</summary>
    public RolloutProgress ToProgress(string? candidateHash) => new()
    {
        State = State.ToString(),
        StepIndex = State == RolloutState.Stepping ? StepIndex : null,
        Transitions = Transitions,
        Untold = Untold.Count == 0 ? null : [.. Untold.Select(transition => transition.ToUntold())],
        StartedAt = StartedAt,
        StateSince = StateSince,
        StepDueAt = StepDueAt,
        AwaySince = AwaySince,
        Pinned = Pinned,
        Commands = Commands.Count == 0 ? null : Commands.ToDictionary(),
        DeadlineAt = DeadlineAt,
        ReadySince = ReadySince,
        Overdue = Overdue ? true : null,
        HeldSince = HeldSince,
        Previous = Previous,
        CarriedBy = CarriedBy,
        CandidateHash = candidateHash,
        AbortCause = AbortCause?.ToString(),
        AbortReason = AbortReason,
        AbortMetric = AbortMetric,
        Strategy = State == RolloutState.Idle ? null : Strategy.ToString(),
        Capacity = State == RolloutState.Idle ? null : Capacity.ToString(),
        Steps = Steps.Count == 0 ? null : [.. Steps.Select(step => step.ToStep())],
    };
}
