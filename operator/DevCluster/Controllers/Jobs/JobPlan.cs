using System.Collections.Immutable;
using ModelOperator.Kubernetes.Events;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.DevCluster.Controllers.Jobs;

/// <summary>What a job needs: pods first, then its status, then the finalizers of what the status has taken in.</summary>
/// <param name="Status">Its status once the pods are made and deleted.</param>
internal sealed record JobPlan(JobStatus Status)
{
    /// <summary>Pods to make: the completion index of each, null in a job without.</summary>
    public ImmutableArray<int?> Create { get; init; } = [];

    public ImmutableArray<V1Pod> Delete { get; init; } = [];

    /// <summary>Pods whose end the status tells: they need not be held any longer.</summary>
    public ImmutableArray<V1Pod> Release { get; init; } = [];

    /// <summary>The job has outlived its <c>ttlSecondsAfterFinished</c>.</summary>
    public bool Expired { get; init; }

    /// <summary>When something changes by the mere passing of time.</summary>
    public DateTimeOffset? LookAgainAt { get; init; }

    /// <summary>What people are to be told once the status is written.</summary>
    public (EventType Type, string Reason, string Message)? Event { get; init; }
}
