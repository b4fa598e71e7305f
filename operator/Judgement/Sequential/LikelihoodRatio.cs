namespace ModelOperator.Judgement.Sequential;

/// <summary>How much better one ratio of bad rates explains an interval's counts than another, under each of two pictures of how they scatter.</summary>
/// <remarks>
/// <para>
/// Given all bad events <c>x</c> of both arms, the candidate's <c>x_c</c> are binomial with probability <c>q(r) = r n_c / (r n_c + n_s)</c>
/// when events are independent: whatever rate both share cancels (Lindon et al., KDD 2022, arXiv:2205.14762; Lindon and Malek, NeurIPS
/// 2022, arXiv:2011.03567). To the power of <c>1/φ</c> this stays valid whatever <c>φ</c> is taken (Jensen's inequality), but no power makes it
/// valid for large bursts, whose tails are longer than any binomial's.
/// </para>
/// <para>
/// When events come in bursts, that is, when both arms' counts are negative binomial with variance <c>φ</c> times the mean, <c>x_c</c> given
/// <c>x</c> is beta-binomial with <c>a = r n_c λ / (φ - 1)</c> and <c>b = n_s λ / (φ - 1)</c>, where <c>λ</c> is the rate they share: the ratio
/// is one of bursts, and a large burst is weighed as one. This is right where the first is not, but not where <c>φ</c> is taken too large.
/// </para>
/// </remarks>
internal sealed class LikelihoodRatio
{
    /// <summary>Below this dispersion both pictures are the same.</summary>
    private const double Independent = 1.001;

    /// <summary>Squared standard deviations by which an interval may miss the usual rate and still be taken to follow it.</summary>
    private const double Unusual = 9;

    private readonly IntervalCounts _counts;
    private readonly double _nullRatio;
    private readonly double _dispersion;
    private readonly double _bursts;

    /// <param name="counts">The interval.</param>
    /// <param name="nullRatio">The ratio that others are held against.</param>
    /// <param name="dispersion">φ, at least 1.</param>
    /// <param name="usualRate">λ, as it was before; the interval's own is taken in an incident, and when this is null.</param>
    public LikelihoodRatio(IntervalCounts counts, double nullRatio, double dispersion, double? usualRate)
    {
        (_counts, _nullRatio, _dispersion) = (counts, nullRatio, dispersion);
        var weighted = (nullRatio * counts.Candidate.Total) + counts.Stable.Total;
        var expected = usualRate * weighted;
        var isUsual = (Bad - expected) * (Bad - expected) <= Unusual * dispersion * expected;
        _bursts = (isUsual ? usualRate!.Value : Bad / weighted) / (dispersion - 1);
    }

    private long Bad => _counts.Candidate.Bad + _counts.Stable.Bad;

    private bool Tells => _counts.Candidate.Total > 0 && _counts.Stable.Total > 0 && Bad > 0;

    /// <summary>The natural logarithm of a ratio's likelihood over the null ratio's, for independent events, to the power of 1/φ.</summary>
    public double LogOfEvents(double ratio) => Tells ? (OfEvents(ratio) - OfEvents(_nullRatio)) / _dispersion : 0;

    /// <summary>The natural logarithm of a ratio's likelihood over the null ratio's, for events in bursts.</summary>
    public double LogOfBursts(double ratio) =>
        _dispersion < Independent ? LogOfEvents(ratio) : Tells ? OfBursts(ratio) - OfBursts(_nullRatio) : 0;

    // Both without the terms in which ratios do not differ.
    private double OfEvents(double ratio)
    {
        var odds = ratio * _counts.Candidate.Total / _counts.Stable.Total;
        return (_counts.Candidate.Bad * Math.Log(odds)) - (Bad * Math.Log(1 + odds));
    }

    private double OfBursts(double ratio)
    {
        var a = ratio * _counts.Candidate.Total * _bursts;
        return RisingFactorial.Log(a, _counts.Candidate.Bad) - RisingFactorial.Log(a + (_counts.Stable.Total * _bursts), Bad);
    }
}
