using ModelOperator.Api.ModelDeployments;
using ModelOperator.Api.ModelRevisions;
using ModelOperator.Judgement.Sequential;
using ModelOperator.Judgement.Verdicts;

namespace ModelOperator.Judgement.Simulation;

/// <summary>
/// Judges counts by a policy as the operator would in one step: every comparison and every error rate by the operator's own rules. Whatever the
/// policy's comparisons count, they are given these counts. Pure.
/// </summary>
internal static class PolicyReplay
{
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch;
    private static readonly Uri Nowhere = new("http://simulation/");

    /// <summary>The metrics of a policy that counts of errors tell nothing of; they are left out.</summary>
    public static IReadOnlyList<string> LeftOut(PolicySnapshot policy) => [.. Read(policy).Where(plan => !IsReplayed(plan)).Select(plan => plan.Metric)];

    /// <summary>The time between looks.</summary>
    public static TimeSpan Interval(PolicySnapshot policy) => Read(policy)[0].Interval;

    /// <summary>What the judge would report after each interval.</summary>
    /// <param name="policy">A policy without problems.</param>
    /// <param name="intervals">What was counted between looks.</param>
    /// <param name="past">Stable's counts before.</param>
    public static IEnumerable<(TimeSpan At, JudgementReport Report)> Run(
        PolicySnapshot policy, IEnumerable<IntervalCounts> intervals, IReadOnlyList<StableCounts> past)
    {
        var metrics = Read(policy).Where(IsReplayed).Select(plan => new Replayed(plan, SequentialTest.Begin(past))).ToList();
        var interval = Interval(policy);
        var at = Start;
        foreach (var counts in intervals)
        {
            at += interval;
            foreach (var metric in metrics)
            {
                metric.Look(counts, at);
            }

            yield return (at - Start, DecisionRules.Combine([.. metrics.Select(metric => (metric.Plan, metric.Status!))], Start, at));
        }
    }

    private static IReadOnlyList<MetricPlan> Read(PolicySnapshot policy) => MetricPlan.Read([policy], "", Nowhere);

    private static bool IsReplayed(MetricPlan plan) => plan.Comparison is not null || plan.Builtin is { Quantile: null, IsDisagreement: false };

    private sealed class Replayed(MetricPlan plan, SequentialSums sums)
    {
        private SequentialSums _sums = sums;
        private BadCount _candidate;
        private BadCount _stable;

        public MetricPlan Plan { get; } = plan;

        public AnalysisStatus? Status { get; private set; }

        public void Look(IntervalCounts counts, DateTimeOffset at)
        {
            (_candidate, _stable) = (_candidate + counts.Candidate, _stable + counts.Stable.All);
            Measurement measurement = new Measurement.Measured(_candidate.Rate, _candidate.Total, _stable.Total > 0 ? _stable.Rate : null);
            if (Plan.Comparison is { } bounds)
            {
                _sums = SequentialTest.Add(_sums, bounds, counts);
                measurement = new Measurement.Compared(_sums, null);
            }

            Status = VerdictRules.Judge(Plan, Status, measurement, at);
        }
    }
}
