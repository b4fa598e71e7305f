namespace ModelOperator.Benchmarks.Kubernetes;

/// <summary>The managed heap.</summary>
internal static class Memory
{
    /// <summary>The bytes that live after a full collection.</summary>
    public static long Live()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
