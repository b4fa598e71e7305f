using ModelOperator.Api.ModelDeployments;

namespace ModelOperator.Judgement;

/// <summary>A judgement: every metric's verdict and what follows from them together.</summary>
/// <param name="Metrics">For <c>status.analysis</c>, in the order of the policies. A metric whose look was not due keeps its last status.</param>
/// <param name="Decision">The worst of what the metrics ask for.</param>
/// <param name="Reason">One sentence for people: policy, metric, value with unit, samples and bound of what decided.</param>
/// <param name="Metric">The name of the metric that decided; null when all pass or there is none.</param>
/// <param name="NextLookAt">When to ask again. Asking earlier costs nothing and changes nothing.</param>
internal sealed record JudgementReport(
    IReadOnlyList<AnalysisStatus> Metrics,
    JudgementDecision Decision,
    string Reason,
    string? Metric,
    DateTimeOffset NextLookAt)
{
    /// <summary>
    /// Whether there is evidence for promotion in this step: every comparison that can give it (<c>provenBelow</c>) and that counts has it.
    /// False when no policy has such a comparison, for then there is nothing that evidence could come from.
    /// </summary>
    public bool IsProven { get; init; }

    /// <summary>What <see cref="IsProven"/> rests on or still lacks, in words.</summary>
    public string Proof { get; init; } = "";

    /// <summary>The policy of <see cref="Metric"/>.</summary>
    public string? Policy { get; init; }

    /// <summary>Why metrics cannot be had, for the condition <c>MetricsAvailable</c>; null when every metric's last look got an answer.</summary>
    public string? MetricsError { get; init; }

    /// <summary>Sentences about failures that stop nothing: <c>onFail: Alert</c> and dry runs.</summary>
    public IReadOnlyList<string> Alerts { get; init; } = [];
}
