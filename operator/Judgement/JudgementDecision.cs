namespace ModelOperator.Judgement;

/// <summary>What follows from a judgement, from best to worst.</summary>
internal enum JudgementDecision
{
    /// <summary>Every metric that counts passes.</summary>
    Advance,

    /// <summary>Not yet: too few samples, failures within the limit, or unknown within its budget.</summary>
    Hold,

    /// <summary>A person must decide.</summary>
    Pause,

    /// <summary>Take the traffic back.</summary>
    Rollback,
}
