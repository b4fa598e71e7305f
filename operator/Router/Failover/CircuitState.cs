using System.Numerics;

namespace ModelOperator.Router.Failover;

/// <summary>
/// How a candidate did lately, and whether that was so bad that it gets no live requests any more. Once open it stays
/// open: only the operator's next decision makes a new one.
/// </summary>
/// <param name="IsOpen">No live requests.</param>
/// <param name="Seen">Outcomes that are remembered.</param>
/// <param name="Failures">One bit for each, set for a failure.</param>
internal readonly record struct CircuitState(bool IsOpen, int Seen, uint Failures)
{
    /// <summary>How many outcomes are remembered.</summary>
    public const int Window = 32;

    /// <summary>Fewer are no evidence: a candidate's first requests may meet a cold cache.</summary>
    public const int LeastSeen = 20;

    /// <summary>Takes an outcome in; opens when more than half of those remembered are failures.</summary>
    public CircuitState After(bool failed)
    {
        var seen = Math.Min(Seen + 1, Window);
        var failures = (Failures << 1) | (failed ? 1u : 0u);
        return new CircuitState(IsOpen || (seen >= LeastSeen && 2 * BitOperations.PopCount(failures) > seen), seen, failures);
    }
}
