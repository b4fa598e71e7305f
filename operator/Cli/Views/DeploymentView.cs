using ModelOperator.Api.Conventions;
using ModelOperator.Api.ModelDeployments;
using ModelOperator.Api.ModelRevisions;
using ModelOperator.Api.Pods;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Cli.Views;

/// <summary>A ModelDeployment with its revisions and pods at one time; what everything that is shown is made from.</summary>
internal sealed record DeploymentView(
    V1Alpha1ModelDeployment Deployment, IReadOnlyList<V1Alpha1ModelRevision> Revisions, IReadOnlyList<V1Pod> Pods, DateTimeOffset Now)
{
    // Of revisions that run nothing, the latest tell most.
    private const int LatestRevisions = 3;

    public ModelDeploymentStatus Status => Deployment.Status;

    public string State => Status.Rollout?.State ?? RolloutStates.Idle;

    public string? Stable => Status.Stable?.Revision;

    public string? Candidate => Status.Candidate?.Revision;

    /// <summary>The revision that is judged: the candidate, or while baking the new stable.</summary>
    public string? OnTrial => State == RolloutStates.Baking ? Stable : Candidate;

    /// <summary>Whether the operator has taken in the present spec.</summary>
    public bool IsObserved => Status.ObservedGeneration == Deployment.Metadata.Generation;

    public bool IsStalled => Condition(ConditionTypes.Stalled) is { Status: "True" };

    /// <summary>The step under way, counted from 1; null when none is.</summary>
    public int? StepNumber => State == RolloutStates.Stepping && Status.Rollout?.StepIndex is { } index ? index + 1 : null;

    /// <summary>The step under way; null when none is.</summary>
    public RolloutStep? Step => StepNumber is { } number && Status.Rollout?.Steps?.ElementAtOrDefault(number - 1) is { } step ? step : null;

    public V1Condition? Condition(string type) => Status.Conditions?.FirstOrDefault(condition => condition.Type == type);

    /// <summary>The share of the requests that a revision gets, in per cent; null when it is neither stable nor candidate.</summary>
    public ArmStatus? Arm(string revision) => revision == Candidate ? Status.Candidate : revision == Stable ? Status.Stable : null;

    /// <summary>Pods of a revision, those that are wanted first.</summary>
    public IEnumerable<V1Pod> PodsOf(string revision) => Pods
        .Where(pod => pod.Metadata.Labels?.TryGetValue(LabelNames.Revision, out var label) == true && label == revision)
        .OrderBy(pod => pod.Metadata.DeletionTimestamp is not null)
        .ThenBy(pod => pod.Metadata.Name, StringComparer.Ordinal);

    /// <summary>Revisions that are worth a line: those with a part in the traffic, with pods, and the latest.</summary>
    public IEnumerable<V1Alpha1ModelRevision> ShownRevisions()
    {
        var latest = Revisions.Take(LatestRevisions).Select(revision => revision.Metadata.Name).ToHashSet(StringComparer.Ordinal);
        return Revisions.Where(revision => revision.Metadata.Name is { } name
            && (Arm(name) is not null || name == Status.Rollout?.Previous || latest.Contains(name) || PodsOf(name).Any()));
    }

    /// <summary>The latest verdicts about a revision.</summary>
    public IEnumerable<AnalysisStatus> VerdictsOn(V1Alpha1ModelRevision revision) =>
        revision.Metadata.Name == OnTrial ? Status.Analysis ?? [] : revision.Status?.Verdicts ?? [];

    /// <summary>Why a pod is not ready; null when it is.</summary>
    public static PodDiagnosis? Diagnose(V1Pod pod) => PodDiagnosis.Of(pod);
}
