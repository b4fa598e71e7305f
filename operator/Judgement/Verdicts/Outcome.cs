namespace ModelOperator.Judgement.Verdicts;

/// <summary>What one look at one metric tells. Only <see cref="Fail"/> counts as failure and only <see cref="Pass"/> advances a step.</summary>
internal enum Outcome
{
    /// <summary>Within its bounds.</summary>
    Pass,

    /// <summary>Outside of them.</summary>
    Fail,

    /// <summary>Too few requests to tell.</summary>
    Inconclusive,

    /// <summary>An empty or NaN answer.</summary>
    NoData,

    /// <summary>No answer, or one that is none: Prometheus down, a bad query, several series, an infinity.</summary>
    Error,
}
