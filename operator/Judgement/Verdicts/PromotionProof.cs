namespace ModelOperator.Judgement.Verdicts;

/// <summary>The evidence for promotion that the metrics which count give together.</summary>
internal sealed record PromotionProof(bool IsProven, string Sentence)
{
    /// <summary>Every comparison with <c>provenBelow</c> must have its evidence; without any there is none.</summary>
    public static PromotionProof Of(IReadOnlyList<MetricDemand> counting)
    {
        var asked = counting.Where(d => d.Plan.Comparison?.ProvenBelow is not null).ToList();
        var lacking = asked.FirstOrDefault(d => d.Status.Proven is not true);
        return (asked.Count, lacking) switch
        {
            (0, _) => new(false, "no policy has a comparison with provenBelow that could give evidence for promotion"),
            (_, null) => new(true, $"shown: {string.Join("; ", asked.Select(Shown))}"),
            _ => new(false, $"{lacking.Plan.Title}: a ratio below {lacking.Plan.Comparison!.ProvenBelow} is not shown yet; the evidence is {lacking.Status.Proof ?? "none"}"),
        };
    }

    private static string Shown(MetricDemand demand) =>
        $"{demand.Plan.Metric} is less than {demand.Plan.Comparison!.ProvenBelow} times stable's (evidence {demand.Status.Proof})";
}
