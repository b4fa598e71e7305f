namespace ModelOperator.DevCluster.Node.Probes;

/// <summary>
/// What a probe has come to: a result turns only after enough equal answers in a row. Until then readiness is no,
/// liveness is yes and startup is open.
/// </summary>
/// <param name="Result">The result; null while a startup probe is open.</param>
/// <param name="Last">The last answer.</param>
/// <param name="Streak">How often in a row it was given.</param>
internal sealed record ProbeState(bool? Result, bool? Last, int Streak)
{
    /// <summary>The state before the first answer.</summary>
    public static ProbeState Initial(ProbeKind kind) => new(
        kind switch { ProbeKind.Readiness => false, ProbeKind.Liveness => true, _ => null }, null, 0);

    /// <summary>Takes in an answer.</summary>
    public ProbeState Next(bool passed, int successThreshold, int failureThreshold)
    {
        var streak = Last == passed ? Streak + 1 : 1;
        var threshold = passed ? successThreshold : failureThreshold;
        return new ProbeState(streak >= threshold ? passed : Result, passed, streak);
    }
}
