namespace ModelOperator.Judgement.Verdicts;

/// <summary>What a failed metric leads to.</summary>
internal enum FailureAction
{
    Rollback,
    Pause,

    /// <summary>A sentence in the report; the metric stops nothing, whatever its verdict.</summary>
    Alert,
}
