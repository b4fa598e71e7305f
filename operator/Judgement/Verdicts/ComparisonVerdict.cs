using System.Globalization;
using ModelOperator.Api.ModelDeployments;
using ModelOperator.Judgement.Sequential;

namespace ModelOperator.Judgement.Verdicts;

/// <summary>What a comparison's sums mean, in a verdict and in words.</summary>
internal static class ComparisonVerdict
{
    private const double Countable = 1e6;

    public static (Outcome Outcome, string? Message) Evaluate(MetricPlan plan, SequentialSums sums)
    {
        var bounds = plan.Comparison!;
        if (sums.IsHarmful)
        {
            return (Outcome.Fail, string.Create(
                CultureInfo.InvariantCulture,
                $"{Counts(plan, sums)}: shown to be more than {bounds.MaxRatio} times as many (evidence {Text(sums.Harm.Log, bounds.HarmThreshold)})"));
        }

        return sums switch
        {
            { Looks: 0 } => (Outcome.Pass, "nothing to compare with: the stable revision is not asked"),
            { Candidate.Total: var n } when n < plan.MinSamples => (Outcome.Inconclusive, $"{n} requests so far, at least {plan.MinSamples} are needed"),
            { Stable.Total: 0 } => (Outcome.NoData, "nothing to compare with: the stable revision gets no requests"),
            _ => (Outcome.Pass, null),
        };
    }

    /// <summary>Writes a comparison's part of a status.</summary>
    public static void Describe(AnalysisStatus status, MetricPlan plan, SequentialSums sums, SequentialState? state)
    {
        var bounds = plan.Comparison!;
        status.Value = sums.Candidate.Total > 0 ? ValueText.Format(sums.Candidate.Rate, ValueUnit.Share) : null;
        status.Baseline = sums.Stable.Total > 0 ? ValueText.Format(sums.Stable.Rate, ValueUnit.Share) : null;
        status.Samples = sums.Candidate.Total;
        status.Ratio = sums.Ratio is { } ratio ? ValueText.Format(ratio, ValueUnit.Number) : null;
        status.Evidence = Text(sums.Harm.Log, bounds.HarmThreshold);
        status.Proof = bounds.ProvenBelow is null ? null : Text(sums.Proof.Log, bounds.ProofThreshold);
        status.Proven = bounds.ProvenBelow is null ? null : sums.IsProven;
        status.Dispersion = ValueText.Format(sums.Dispersion.Factor, ValueUnit.Number);
        status.Sequential = state;
    }

    /// <summary>Keeps what an earlier status knows of a comparison that could not be looked at.</summary>
    /// <param name="status">The new status.</param>
    /// <param name="earlier">The last one, of this step or an earlier one.</param>
    /// <param name="isSameStep">Whether evidence for promotion of then is still worth something.</param>
    public static void Keep(AnalysisStatus status, AnalysisStatus? earlier, bool isSameStep)
    {
        (status.Ratio, status.Evidence, status.Dispersion, status.Sequential) = (earlier?.Ratio, earlier?.Evidence, earlier?.Dispersion, earlier?.Sequential);
        (status.Proof, status.Proven) = isSameStep ? (earlier?.Proof, earlier?.Proven) : (null, null);
    }

    private static string Counts(MetricPlan plan, SequentialSums sums) =>
        $"{sums.Candidate.Bad} of {sums.Candidate.Total} requests were {plan.Events!.Noun}, of stable's {sums.Stable.Bad} of {sums.Stable.Total}{plan.Events.OfStable}";

    private static string Text(double logarithm, double threshold) =>
        logarithm > Math.Log(Countable)
            ? $"over {Countable:0} of {ValueText.Format(threshold, ValueUnit.Number)}"
            : $"{ValueText.Format(Math.Exp(logarithm), ValueUnit.Number)} of {ValueText.Format(threshold, ValueUnit.Number)}";
}
