namespace ModelOperator.DevCluster.Controllers.Jobs;

/// <summary>How far a job is, by the API's names.</summary>
internal sealed record JobStatus
{
    public IReadOnlyList<JobCondition>? Conditions { get; init; }

    public DateTime? StartTime { get; init; }

    public DateTime? CompletionTime { get; init; }

    public int? Active { get; init; }

    public int? Ready { get; init; }

    public int? Succeeded { get; init; }

    public int? Failed { get; init; }

    public int? Terminating { get; init; }

    /// <summary>Indexes that have succeeded, such as <c>0-3,7</c>.</summary>
    public string? CompletedIndexes { get; init; }

    public UncountedPods? UncountedTerminatedPods { get; init; }
}
