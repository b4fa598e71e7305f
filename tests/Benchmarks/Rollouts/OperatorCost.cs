using ModelOperator.TestSupport.Pretend;

namespace ModelOperator.Benchmarks.Rollouts;

/// <summary>What an operator uses from now on.</summary>
internal sealed class OperatorCost(OperatorProcess process)
{
    private readonly TimeSpan _usedBefore = process.ProcessorTime;
    private readonly long _started = TimeProvider.System.GetTimestamp();

    public TimeSpan Elapsed => TimeProvider.System.GetElapsedTime(_started);

    /// <summary>Processor seconds a second.</summary>
    public double Cores => (process.ProcessorTime - _usedBefore) / Elapsed;
}
