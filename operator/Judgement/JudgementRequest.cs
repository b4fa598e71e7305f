using System.Collections.Immutable;
using ModelOperator.Api.ModelDeployments;
using ModelOperator.Api.ModelRevisions;
using ModelOperator.Judgement.Queries;

namespace ModelOperator.Judgement;

/// <summary>What is judged.</summary>
/// <param name="Namespace">The ModelDeployment's namespace.</param>
/// <param name="Deployment">The ModelDeployment's name.</param>
/// <param name="Revision">The candidate's ModelRevision, as the router's <c>revision</c> label names it.</param>
/// <param name="StableRevision">The revision to compare with; null when there is none.</param>
/// <param name="StepStartedAt">When the step began. No metric looks back before it.</param>
/// <param name="Policies">The policies as they were when the rollout started.</param>
/// <param name="Previous">The metrics of the last report (<c>status.analysis</c>); empty at first.</param>
internal sealed record JudgementRequest(
    string Namespace,
    string Deployment,
    string Revision,
    string? StableRevision,
    DateTimeOffset StepStartedAt,
    IReadOnlyList<PolicySnapshot> Policies,
    IReadOnlyList<AnalysisStatus> Previous)
{
    /// <summary>
    /// Whether the stable revision has a share of the requests to compare with. While a promoted revision bakes it has none: comparisons
    /// then add nothing to what they have found.
    /// </summary>
    public bool HasStableTraffic { get; init; } = true;

    /// <summary>Ready pods by revision.</summary>
    public IReadOnlyDictionary<string, int> ReadyPods { get; init; } = ImmutableDictionary<string, int>.Empty;

    /// <summary>Where builtin metrics and comparisons come from.</summary>
    public CounterSource Source { get; init; } = CounterSource.Router;
}
