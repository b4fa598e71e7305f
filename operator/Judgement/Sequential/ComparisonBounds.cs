namespace ModelOperator.Judgement.Sequential;

/// <summary>What a comparison is to show, and how surely.</summary>
/// <param name="MaxRatio">Harm: the candidate's bad rate exceeds this times stable's.</param>
/// <param name="Confidence">That of harm, over all comparisons that can end the rollout together.</param>
/// <param name="ProvenBelow">Evidence for promotion: it is less than this times stable's; null: none is asked for.</param>
/// <param name="ProvenConfidence">That of the evidence for promotion.</param>
internal sealed record ComparisonBounds(double MaxRatio = 1, double Confidence = 0.99, double? ProvenBelow = null, double ProvenConfidence = 0.95)
{
    /// <summary>
    /// Comparisons that share <see cref="Confidence"/>: each is held to its part of the error rate (Bonferroni), so that together they end no more
    /// innocent rollouts than one would.
    /// </summary>
    public int Sharing { get; init; } = 1;

    /// <summary>The e-value that shows harm (Ville's inequality: a true null reaches it with a probability of at most its inverse, ever).</summary>
    public double HarmThreshold => Sharing / (1 - Confidence);

    /// <summary>The e-value that is evidence for promotion. Not shared: every comparison must give it, so several make it rarer, not commoner.</summary>
    public double ProofThreshold => 1 / (1 - ProvenConfidence);
}
