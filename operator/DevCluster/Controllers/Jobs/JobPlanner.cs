using System.Collections.Immutable;
using ModelOperator.DevCluster.Controllers.ReplicaSets;
using ModelOperator.Kubernetes.Events;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.DevCluster.Controllers.Jobs;

/// <summary>Decides what a job needs, as kube-controller-manager does: conditions, reasons and messages are its own.</summary>
internal static class JobPlanner
{
    /// <summary>No more than this many pods are made or deleted at once.</summary>
    private const int Burst = 500;

    /// <param name="job">The job.</param>
    /// <param name="pods">All pods that it controls, each of them seen as it was last written.</param>
    /// <param name="backoff">How failed pods are replaced.</param>
    /// <param name="now">The time.</param>
    public static JobPlan Plan(Job job, IReadOnlyCollection<V1Pod> pods, JobBackoff backoff, DateTimeOffset now)
    {
        var tally = new JobTally(job, pods);
        if (job.End is { } end)
        {
            return Ended(job, end, tally, now);
        }

        var suspended = job.Spec.Suspend == true;
        var deleting = job.Metadata.DeletionTimestamp is not null;
        var start = job.Status.StartTime ?? (suspended ? null : JobCondition.Seconds(now));
        var target = Target(job, tally, start, now);
        var change = target is not null ? new PodChange([], [.. tally.Active], null)
            : deleting ? PodChange.None
            : suspended ? new PodChange([], [.. tally.Active], null)
            : Change(job, tally, backoff, now);

        var conditions = job.Status.Conditions ?? [];
        (EventType, string, string)? told = null;
        if (target is not null && job.ConditionOf(target.Type) is null)
        {
            conditions = [.. conditions, target];
        }
        else if (target is null && !deleting)
        {
            (conditions, start, told) = Suspension(job, conditions, suspended, start, now);
        }

        var failing = target?.Type == "FailureTarget";
        var (status, release) = tally.Note(job.Status, ending: target is not null || deleting, failing);
        var gone = change.Delete.ToHashSet();
        status = status with
        {
            Conditions = conditions.Count > 0 ? conditions : null,
            StartTime = start,
            Active = tally.Active.Count - gone.Count + change.Create.Length,
            Ready = tally.Active.Count(p => !gone.Contains(p) && Selection.PodReadiness.IsReady(p)),
            Terminating = tally.Terminating + gone.Count,
        };
        if (target is not null && status is { Terminating: 0, UncountedTerminatedPods.IsEmpty: true })
        {
            (status, told) = Finish(status, target, now);
        }

        return new JobPlan(status)
        {
            Create = change.Create,
            Delete = change.Delete,
            Release = [.. release],
            LookAgainAt = Earliest(change.LookAgainAt, target is null && !suspended ? DeadlineOf(job, start) : null),
            Event = told,
        };
    }

    private static JobPlan Ended(Job job, JobCondition end, JobTally tally, DateTimeOffset now)
    {
        DateTimeOffset? expiresAt = job.Spec.TtlSecondsAfterFinished is { } ttl && end.LastTransitionTime is { } at
            ? new DateTimeOffset(at, TimeSpan.Zero).AddSeconds(ttl)
            : null;
        var expired = expiresAt <= now && job.Metadata.DeletionTimestamp is null;
        var (_, release) = tally.Note(job.Status, ending: true, failing: false);
        return new JobPlan(job.Status) { Release = [.. release], Expired = expired, LookAgainAt = expired ? null : expiresAt };
    }

    /// <summary>The end that the job is heading for: decided once, then kept in the status.</summary>
    private static JobCondition? Target(Job job, JobTally tally, DateTime? start, DateTimeOffset now)
    {
        if ((job.ConditionOf("SuccessCriteriaMet") ?? job.ConditionOf("FailureTarget")) is { } decided)
        {
            return decided;
        }

        var limit = job.Spec.BackoffLimit ?? 6;
        if (tally.Failed > limit || HasRestartedTooOften(job, tally, limit))
        {
            return JobCondition.True("FailureTarget", "BackoffLimitExceeded", "Job has reached the specified backoff limit", now);
        }

        if (job.Spec.Suspend != true && DeadlineOf(job, start) <= now)
        {
            return JobCondition.True("FailureTarget", "DeadlineExceeded", "Job was active longer than specified deadline", now);
        }

        var complete = tally.Active.Count == 0
            && (job.Spec.Completions is { } completions ? tally.Succeeded >= completions : tally.Succeeded > 0);
        return complete
            ? JobCondition.True("SuccessCriteriaMet", "CompletionsReached", "Reached expected number of succeeded pods", now)
            : null;
    }

    private static bool HasRestartedTooOften(Job job, JobTally tally, int limit)
    {
        var restartsInPlace = (string?)job.Spec.Template["spec"]?["restartPolicy"] == "OnFailure";
        var restarts = restartsInPlace ? tally.Active.Restarts() : 0;
        return restarts > 0 && restarts >= limit;
    }

    private static PodChange Change(Job job, JobTally tally, JobBackoff backoff, DateTimeOffset now)
    {
        var parallelism = job.Spec.Parallelism ?? 1;
        var wanted = job.Spec.Completions is { } completions
            ? Math.Clamp(completions - tally.Succeeded, 0, parallelism)
            : tally.Succeeded > 0 ? tally.Active.Count : parallelism;
        if (tally.Active.Count > wanted)
        {
            var surplus = tally.Active.Order(DeletionOrder.At(now)).Take(Math.Min(tally.Active.Count - wanted, Burst));
            return new PodChange([], [.. surplus], null);
        }

        // Where only pods that failed are replaced, one on its way out still holds its place.
        var missing = wanted - tally.Active.Count - (job.Spec.PodReplacementPolicy == "Failed" ? tally.Terminating : 0);
        if (missing <= 0)
        {
            return PodChange.None;
        }

        return backoff.NextAt(tally.Failures, tally.LastSuccess) is { } at && at > now
            ? PodChange.None with { LookAgainAt = at }
            : new PodChange([.. Indexes(job, tally).Take(Math.Min(missing, Burst))], [], null);
    }

    private static IEnumerable<int?> Indexes(Job job, JobTally tally)
    {
        if (!job.IsIndexed)
        {
            return Enumerable.Repeat<int?>(null, Burst);
        }

        var running = tally.Active.Select(p => p.IndexIn(job)).ToHashSet();
        return Enumerable.Range(0, job.Spec.Completions ?? 0)
            .Where(index => !tally.Indexes.Contains(index) && !running.Contains(index))
            .Select(index => (int?)index);
    }

    private static (IReadOnlyList<JobCondition> Conditions, DateTime? Start, (EventType, string, string)? Event) Suspension(
        Job job, IReadOnlyList<JobCondition> conditions, bool suspended, DateTime? start, DateTimeOffset now)
    {
        var before = conditions.FirstOrDefault(c => c.Type == "Suspended");
        if (before?.Status == "True" == suspended)
        {
            return (conditions, start, null);
        }

        var condition = suspended
            ? JobCondition.True("Suspended", "JobSuspended", "Job suspended", now)
            : JobCondition.False("Suspended", "JobResumed", "Job resumed", now);
        return (
            [.. conditions.Where(c => c != before), condition],
            // Time counts only while it is not suspended.
            suspended ? null : JobCondition.Seconds(now),
            (EventType.Normal, suspended ? "Suspended" : "Resumed", condition.Message!));
    }

    private static (JobStatus Status, (EventType, string, string) Event) Finish(JobStatus status, JobCondition target, DateTimeOffset now)
    {
        var succeeded = target.Type == "SuccessCriteriaMet";
        var end = JobCondition.True(succeeded ? "Complete" : "Failed", target.Reason!, target.Message!, now);
        return (
            status with
            {
                Conditions = [.. status.Conditions!, end],
                CompletionTime = succeeded ? end.LastTransitionTime : null,
            },
            succeeded ? (EventType.Normal, "Completed", "Job completed") : (EventType.Warning, end.Reason!, end.Message!));
    }

    private static DateTimeOffset? DeadlineOf(Job job, DateTime? start) =>
        job.Spec.ActiveDeadlineSeconds is { } seconds && start is { } at ? new DateTimeOffset(at, TimeSpan.Zero).AddSeconds(seconds) : null;

    private static DateTimeOffset? Earliest(DateTimeOffset? first, DateTimeOffset? second) => first is null || second < first ? second : first;

    private sealed record PodChange(ImmutableArray<int?> Create, ImmutableArray<V1Pod> Delete, DateTimeOffset? LookAgainAt)
    {
        public static PodChange None { get; } = new([], [], null);
    }
}
