using ModelOperator.Api.Conventions;
using ModelOperator.Api.ModelDeployments;

namespace ModelOperator.Judgement.Verdicts;

/// <summary>What one metric asks for, and why.</summary>
internal sealed record MetricDemand(MetricPlan Plan, AnalysisStatus Status, JudgementDecision Decision, string Sentence)
{
    public bool Passes => Status.Verdict == nameof(Outcome.Pass);

    /// <summary>What follows from a metric's status now. Whether the metric counts is not asked here.</summary>
    public static MetricDemand Of(MetricPlan plan, AnalysisStatus status, DateTimeOffset now)
    {
        var sentence = $"{plan.Title}: {status.Message}";
        MetricDemand Asks(JudgementDecision decision, string? suffix = null) => new(plan, status, decision, sentence + suffix);

        return status.Verdict switch
        {
            nameof(Outcome.Pass) => Asks(JudgementDecision.Advance),
            nameof(Outcome.Fail) when status.Failures > plan.FailureLimit =>
                Asks(plan.OnFail == FailureAction.Pause ? JudgementDecision.Pause : JudgementDecision.Rollback),
            nameof(Outcome.NoData) => Unknown(plan.OnNoData),
            nameof(Outcome.Error) => Unknown(plan.OnError),
            _ => Asks(JudgementDecision.Hold),
        };

        MetricDemand Unknown(UnknownBudget budget)
        {
            var since = status.UnknownFrom() ?? now;
            var suffix = now >= budget.EndsAt(since)
                ? $" (since {since:HH:mm:ss}Z, longer than the {Duration.Format(budget.For)} allowed)"
                : $" (since {since:HH:mm:ss}Z; {Follows(budget.Then)} after {Duration.Format(budget.For)})";
            return Asks(budget.At(since, now), budget.Action == budget.Then ? null : suffix);
        }
    }

    private static string Follows(JudgementDecision then) => then switch
    {
        JudgementDecision.Advance => "goes on without it",
        JudgementDecision.Hold => "holds",
        JudgementDecision.Pause => "pauses",
        _ => "rolls back",
    };
}
