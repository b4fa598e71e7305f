namespace ModelOperator.DevCluster.Controllers.Jobs;

/// <summary>Ended pods that still carry the tracking finalizer; they are counted once it is gone.</summary>
internal sealed record UncountedPods
{
    public IReadOnlyList<string>? Succeeded { get; init; }

    public IReadOnlyList<string>? Failed { get; init; }

    public bool IsEmpty => Succeeded is not { Count: > 0 } && Failed is not { Count: > 0 };
}
