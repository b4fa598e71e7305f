using ModelOperator.DevCluster.Controllers.Selection;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.DevCluster.Controllers.Jobs;

/// <summary>
/// The pods of a job, each counted exactly once: an ended pod is first noted by UID in the status, then released from its
/// finalizer, then moved from the note into the counters. A controller that dies in between loses and doubles nothing.
/// </summary>
internal sealed class JobTally
{
    private readonly Job _job;
    private readonly List<V1Pod> _tracked;
    private readonly List<string> _uncountedSucceeded;
    private readonly List<string> _uncountedFailed;
    private readonly int _countedSucceeded;
    private readonly int _countedFailed;

    public JobTally(Job job, IReadOnlyCollection<V1Pod> pods)
    {
        _job = job;
        _tracked = [.. pods.Where(p => p.IsTracked())];
        Active = [.. pods.Where(p => p.IsActive())];
        Terminating = pods.Count(p => p.IsTerminating());
        var status = job.Status;
        var held = _tracked.Select(p => p.Metadata.Uid).ToHashSet();
        var succeeded = status.UncountedTerminatedPods?.Succeeded ?? [];
        var failed = status.UncountedTerminatedPods?.Failed ?? [];
        _uncountedSucceeded = [.. succeeded.Where(held.Contains)];
        _uncountedFailed = [.. failed.Where(held.Contains)];
        _countedSucceeded = (status.Succeeded ?? 0) + succeeded.Count - _uncountedSucceeded.Count;
        _countedFailed = (status.Failed ?? 0) + failed.Count - _uncountedFailed.Count;
        var indexes = IndexSet.Parse(status.CompletedIndexes, job.Spec.Completions ?? 0);
        Indexes = indexes.With(pods.Where(p => p.HasSucceeded()).Select(p => p.IndexIn(job)).OfType<int>());
        Failures = [.. pods.Where(p => p.Status?.Phase == "Failed").Select(p => p.FinishedAt())];
        LastSuccess = pods.Where(p => p.HasSucceeded()).Select(p => (DateTimeOffset?)p.FinishedAt()).Max();
    }

    public IReadOnlyList<V1Pod> Active { get; }

    public int Terminating { get; }

    /// <summary>The indexes that have succeeded.</summary>
    public IndexSet Indexes { get; }

    /// <summary>When the pods that failed did.</summary>
    public IReadOnlyList<DateTimeOffset> Failures { get; }

    public DateTimeOffset? LastSuccess { get; }

    public int Succeeded => _job.IsIndexed ? Indexes.Count : _countedSucceeded + _uncountedSucceeded.Count + NewlySucceeded.Count();

    public int Failed => _countedFailed + _uncountedFailed.Count + NewlyFailed.Count();

    private IEnumerable<V1Pod> NewlySucceeded =>
        _tracked.Where(p => p.HasSucceeded() && !_uncountedSucceeded.Contains(p.Metadata.Uid!) && !_uncountedFailed.Contains(p.Metadata.Uid!));

    private IEnumerable<V1Pod> NewlyFailed => _tracked.Where(p => p.HasFailedFor(_job) && !_uncountedFailed.Contains(p.Metadata.Uid!));

    /// <summary>Notes what has ended in the status and says which pods may then be released.</summary>
    /// <param name="status">The status so far.</param>
    /// <param name="ending">The job is at its end: whatever still runs is given up.</param>
    /// <param name="failing">That end is a failure: what is given up counts as failed.</param>
    public (JobStatus Status, IEnumerable<V1Pod> Release) Note(JobStatus status, bool ending, bool failing)
    {
        var succeeded = _job.IsIndexed ? _uncountedSucceeded : [.. _uncountedSucceeded, .. NewlySucceeded.Select(p => p.Metadata.Uid!)];
        var lost = ending && failing ? _tracked.Where(p => !p.HasEnded() && !p.HasFailedFor(_job)) : [];
        List<string> failed = [.. _uncountedFailed, .. NewlyFailed.Concat(lost).Select(p => p.Metadata.Uid!).Except(_uncountedFailed)];
        var noted = status with
        {
            Succeeded = _job.IsIndexed ? Indexes.Count : _countedSucceeded,
            Failed = _countedFailed,
            CompletedIndexes = _job.IsIndexed && Indexes.Count > 0 ? Indexes.ToString() : null,
            UncountedTerminatedPods = new UncountedPods
            {
                Succeeded = succeeded.Count > 0 ? succeeded : null,
                Failed = failed.Count > 0 ? failed : null,
            },
        };
        return (noted, _tracked.Where(p => ending || p.HasSucceeded() || p.HasFailedFor(_job)));
    }
}
