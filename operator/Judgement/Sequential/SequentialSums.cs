namespace ModelOperator.Judgement.Sequential;

/// <summary>All that a sequential comparison remembers. Whole numbers: read back from a status they are exactly what was written.</summary>
internal sealed record SequentialSums
{
    public static readonly SequentialSums None = new();

    /// <summary>Intervals that were counted.</summary>
    public long Looks { get; init; }

    public BadCount Candidate { get; init; }

    public BadCount Stable { get; init; }

    /// <summary>Against <c>maxRatio</c>, over <see cref="RatioGrid.Above"/>.</summary>
    public Evidence Harm { get; init; } = Evidence.None(RatioGrid.Above);

    /// <summary>Against <c>provenBelow</c>, over <see cref="RatioGrid.Below"/>.</summary>
    public Evidence Proof { get; init; } = Evidence.None(RatioGrid.Below);

    /// <summary>Harm has been shown; what follows does not take that back.</summary>
    public bool IsHarmful { get; init; }

    /// <summary>Evidence for promotion has been there; what follows in the step does not take that back.</summary>
    public bool IsProven { get; init; }

    public Dispersion Dispersion { get; init; }

    /// <summary>The candidate's bad rate in terms of stable's; null while stable has none or the candidate was not asked.</summary>
    public double? Ratio => Stable.Bad > 0 && Candidate.Total > 0 ? Candidate.Rate / Stable.Rate : null;
}
