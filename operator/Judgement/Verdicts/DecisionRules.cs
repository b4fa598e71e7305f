using ModelOperator.Api.ModelDeployments;
using ModelOperator.Judgement.Counters;

namespace ModelOperator.Judgement.Verdicts;

/// <summary>Combines the metrics of all policies. Pure.</summary>
internal static class DecisionRules
{
    private static readonly TimeSpan WithoutMetrics = TimeSpan.FromSeconds(15);

    /// <summary>The worst that a metric which counts asks for; among equals the first in the policies' order speaks.</summary>
    /// <param name="metrics">Every metric with its status.</param>
    /// <param name="stepStartedAt">When the step began.</param>
    /// <param name="now">The time of the judgement.</param>
    /// <param name="rhythm">When samples come for a metric, as far as that is known.</param>
    public static JudgementReport Combine(
        IReadOnlyList<(MetricPlan Plan, AnalysisStatus Status)> metrics, DateTimeOffset stepStartedAt, DateTimeOffset now, Func<MetricPlan, SampleRhythm?>? rhythm = null)
    {
        var demands = metrics.Select(m => MetricDemand.Of(m.Plan, m.Status, now)).ToList();
        var counting = demands.Where(d => d.Plan.Counts).ToList();
        var statuses = metrics.Select(m => m.Status).ToList();
        var worst = counting.MaxBy(d => d.Decision);
        var stops = worst is { Decision: not JudgementDecision.Advance };
        var proof = PromotionProof.Of(counting);
        return new JudgementReport(
            statuses,
            worst?.Decision ?? JudgementDecision.Advance,
            stops ? worst!.Sentence : Agreement(counting),
            stops ? worst!.Plan.Metric : null,
            NextLookAt(metrics, stepStartedAt, now, rhythm ?? (_ => null)))
        {
            IsProven = proof.IsProven,
            Proof = proof.Sentence,
            Policy = stops ? worst!.Plan.Policy : null,
            MetricsError = demands.Find(d => d.Status.Verdict == nameof(Outcome.Error))?.Sentence,
            Alerts = [.. demands.Where(d => !d.Plan.Counts && d.Status.Failures > d.Plan.FailureLimit).Select(Alert)],
        };
    }

    private static string Agreement(List<MetricDemand> counting)
    {
        if (counting.Count == 0)
        {
            return "no metric decides anything here";
        }

        var passing = string.Join(", ", counting.Where(d => d.Passes).Select(d => $"{d.Plan.Metric} {d.Status.Value}"));
        var skipped = string.Concat(counting.Where(d => !d.Passes).Select(d => $"; goes on without {d.Sentence}"));
        return (passing.Length > 0 ? $"every metric passes: {passing}" : "no metric tells anything") + skipped;
    }

    private static string Alert(MetricDemand demand) => demand.Plan.DryRun ? $"dry run: {demand.Sentence}" : demand.Sentence;

    private static DateTimeOffset NextLookAt(
        IReadOnlyList<(MetricPlan Plan, AnalysisStatus Status)> metrics, DateTimeOffset stepStartedAt, DateTimeOffset now, Func<MetricPlan, SampleRhythm?> rhythm)
    {
        var times = metrics
            .Select(m => VerdictRules.DueAt(m.Plan, m.Status.At is null ? null : m.Status, stepStartedAt, now, rhythm(m.Plan)))
            .Concat(metrics.Select(m => BudgetEnd(m.Plan, m.Status)).OfType<DateTimeOffset>().Where(end => end > now));
        return times.DefaultIfEmpty(now + WithoutMetrics).Min();
    }

    private static DateTimeOffset? BudgetEnd(MetricPlan plan, AnalysisStatus status) => status.UnknownFrom() is { } since
        ? (status.Verdict == nameof(Outcome.Error) ? plan.OnError : plan.OnNoData).EndsAt(since)
        : null;
}
