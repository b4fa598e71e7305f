namespace ModelOperator.Serving.Loading;

/// <summary>How the cores of the pod are divided.</summary>
/// <param name="Threads">Threads that work on one run.</param>
/// <param name="Concurrency">Runs at a time.</param>
internal readonly record struct CpuShare(int Threads, int Concurrency)
{
    private const int MaxThreads = 4;

    /// <summary>
    /// Threads of the one session that all runs share. A run brings the thread that it is called on; what it needs besides comes from
    /// the session's pool, which ONNX Runtime makes one smaller than it is told.
    /// </summary>
    public int PoolThreads => (Concurrency * (Threads - 1)) + 1;

    /// <summary>
    /// Half of the cores, at most four, on one run: small models gain nothing from more, and with two runs at a time
    /// a slow request does not hold up the next. <paramref name="cores"/> is the CPU limit, rounded up, which is what
    /// .NET counts as processors.
    /// </summary>
    public static CpuShare Of(int cores, int? threads, int? concurrency)
    {
        var perRun = threads ?? Math.Clamp(cores / 2, 1, MaxThreads);
        return new CpuShare(perRun, concurrency ?? Math.Max(1, cores / perRun));
    }
}
