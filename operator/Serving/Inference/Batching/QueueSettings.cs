namespace ModelOperator.Serving.Inference.Batching;

/// <summary>How many requests may wait for the model.</summary>
/// <param name="MaxRequests">More than these are refused, however fast the model is: what waits takes memory.</param>
/// <param name="MaxWait">A request that would wait longer is refused; null: as <see cref="ServiceTime"/> says.</param>
internal readonly record struct QueueSettings(int MaxRequests, TimeSpan? MaxWait)
{
    public static QueueSettings Default { get; } = new(1024, null);
}
