namespace ModelOperator.Judgement.Sequential;

/// <summary>Judges the ratio of the candidate's bad rate to stable's, after every interval anew, without a fixed end. Pure.</summary>
/// <remarks>
/// <para>
/// The evidence is an e-process: the mean, over a grid of ratios above <c>maxRatio</c>, of the product over intervals of the likelihood ratio
/// against <c>maxRatio</c> itself. If the candidate is no worse its expectation never exceeds 1, so it ever reaches <c>1/α</c> with a
/// probability of at most <c>α</c>, however often one looks and whenever one stops (Ville's inequality). The mirror image, over ratios below
/// <c>provenBelow</c>, is evidence for promotion. At <c>maxRatio</c> 1 the candidate's counts are hypergeometric in truth, which is less
/// spread than binomial (Hoeffding 1963): the test is conservative. That it stays so when events come in bursts is
/// <see cref="LikelihoodRatio"/>'s and <see cref="Dispersion"/>'s part.
/// </para>
/// <para>Lindon, Sanden and Shirikian, KDD 2022 (arXiv:2205.14762); Lindon and Malek, NeurIPS 2022 (arXiv:2011.03567).</para>
/// </remarks>
internal static class SequentialTest
{
    /// <summary>The start of a comparison, with what stable's past tells of how its bad events scatter.</summary>
    /// <param name="past">Stable's intervals before the candidate took traffic, oldest first.</param>
    public static SequentialSums Begin(IEnumerable<StableCounts> past) =>
        SequentialSums.None with { Dispersion = past.Aggregate(default(Dispersion), (dispersion, interval) => dispersion.Add(interval)) };

    /// <summary>A new step: what was found of harm stays, but evidence for promotion has to be earned again.</summary>
    public static SequentialSums BeginStep(SequentialSums sums) => sums with { Proof = SequentialSums.None.Proof, IsProven = false };

    /// <summary>Takes in one more interval.</summary>
    public static SequentialSums Add(SequentialSums sums, ComparisonBounds bounds, IntervalCounts counts)
    {
        LikelihoodRatio Against(double nullRatio) => new(counts, nullRatio, sums.Dispersion.Factor, sums.Dispersion.UsualRate);

        var harm = sums.Harm.Add(Against(bounds.MaxRatio), bounds.MaxRatio, RatioGrid.Above);
        var proof = bounds.ProvenBelow is { } below ? sums.Proof.Add(Against(below), below, RatioGrid.Below) : sums.Proof;
        return sums with
        {
            Looks = sums.Looks + 1,
            Candidate = sums.Candidate + counts.Candidate,
            Stable = sums.Stable + counts.Stable.All,
            Harm = harm,
            Proof = proof,
            IsHarmful = sums.IsHarmful || harm.Log >= Math.Log(bounds.HarmThreshold),
            IsProven = sums.IsProven || (bounds.ProvenBelow is not null && proof.Log >= Math.Log(bounds.ProofThreshold)),
            Dispersion = sums.Dispersion.Add(counts.Stable),
        };
    }
}
