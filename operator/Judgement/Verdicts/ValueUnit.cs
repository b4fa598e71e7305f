namespace ModelOperator.Judgement.Verdicts;

/// <summary>How a value is written for people.</summary>
internal enum ValueUnit
{
    /// <summary>As it is.</summary>
    Number,

    /// <summary>A share of 1, written in per cent.</summary>
    Share,

    /// <summary>Seconds, written in the unit that fits.</summary>
    Seconds,
}
