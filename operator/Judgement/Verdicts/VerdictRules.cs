using ModelOperator.Api.Conventions;
using ModelOperator.Api.ModelDeployments;
using ModelOperator.Judgement.Counters;

namespace ModelOperator.Judgement.Verdicts;

/// <summary>Turns looks into verdicts. Pure: what must be remembered between looks is in the status itself.</summary>
internal static class VerdictRules
{
    /// <summary>
    /// The metric's status in the running step; null when it has not been looked at in it. A look at the very moment the step
    /// began is an earlier step's: it can have seen nothing of this one, and its Pass must not be taken for this one's.
    /// </summary>
    public static AnalysisStatus? Remembered(MetricPlan plan, IEnumerable<AnalysisStatus> previous, DateTimeOffset stepStartedAt) =>
        previous.LastOrDefault(s => plan.Owns(s) && s.LookedAt() > stepStartedAt);

    /// <summary>
    /// When the next look is due: an interval after the last, or after the step began, or rather right after the sample that comes nearest
    /// to that time. After a look from the future (a clock was set back), at once.
    /// </summary>
    public static DateTimeOffset DueAt(
        MetricPlan plan, AnalysisStatus? remembered, DateTimeOffset stepStartedAt, DateTimeOffset now, SampleRhythm? rhythm = null)
    {
        var alive = rhythm?.IsAliveAt(now) == true ? rhythm : null;
        return remembered?.LookedAt() is not { } at ? alive?.First(stepStartedAt, plan.Interval) ?? stepStartedAt + plan.Interval
            : at > now ? now
            : alive?.After(at, plan.Interval) ?? at + plan.Interval;
    }

    /// <summary>The status of a metric that has not been looked at in this step.</summary>
    /// <param name="plan">The metric.</param>
    /// <param name="earlier">Its last status in an earlier step, whose counts a comparison goes on from.</param>
    public static AnalysisStatus Waiting(MetricPlan plan, AnalysisStatus? earlier = null)
    {
        var status = new AnalysisStatus
        {
            Policy = plan.Policy,
            Metric = plan.Metric,
            Verdict = nameof(Outcome.Inconclusive),
            Threshold = plan.Threshold,
            Failures = 0,
            Message = "not looked at yet in this step",
        };
        if (plan.Comparison is not null)
        {
            ComparisonVerdict.Keep(status, earlier, isSameStep: false);
        }

        return status;
    }

    /// <summary>The status after a look.</summary>
    /// <param name="plan">The metric.</param>
    /// <param name="remembered">Its status in the running step; null when it has not been looked at in it.</param>
    /// <param name="measurement">What the look found.</param>
    /// <param name="now">When.</param>
    /// <param name="earlier">Its last status, also from an earlier step.</param>
    public static AnalysisStatus Judge(
        MetricPlan plan, AnalysisStatus? remembered, Measurement measurement, DateTimeOffset now, AnalysisStatus? earlier = null)
    {
        var (outcome, message) = Evaluate(plan, measurement);
        var failures = (remembered?.Failures ?? 0) + (outcome == Outcome.Fail ? 1 : 0);
        if (failures > plan.FailureLimit && outcome != Outcome.Fail)
        {
            message = $"failed {failures} looks since the step began, {plan.FailureLimit} allowed; the latest is {outcome}"
                + (message is null ? "" : $": {message}");
            outcome = Outcome.Fail;
        }
        else if (outcome == Outcome.Fail && plan.FailureLimit > 0)
        {
            message += $" (failed look {failures}, {plan.FailureLimit} allowed)";
        }

        var measured = measurement as Measurement.Measured;
        var status = new AnalysisStatus
        {
            Policy = plan.Policy,
            Metric = plan.Metric,
            Verdict = outcome.ToString(),
            Value = measured is null || !double.IsFinite(measured.Value) ? null : ValueText.Format(measured.Value, plan.Unit),
            Baseline = measured?.Baseline is { } baseline && double.IsFinite(baseline) ? ValueText.Format(baseline, plan.Unit) : null,
            Threshold = plan.Threshold,
            Samples = measured?.Samples,
            Failures = failures,
            Message = message,
            At = now.UtcDateTime,
            UnknownSince = outcome is Outcome.NoData or Outcome.Error ? remembered?.UnknownSince ?? now.UtcDateTime : null,
        };
        if (measurement is Measurement.Compared compared)
        {
            ComparisonVerdict.Describe(status, plan, compared.Sums, compared.State);
        }
        else if (plan.Comparison is not null)
        {
            ComparisonVerdict.Keep(status, remembered ?? earlier, isSameStep: remembered is not null);
        }

        return status;
    }

    /// <summary>One look by itself, and why it is not Pass.</summary>
    public static (Outcome Outcome, string? Message) Evaluate(MetricPlan plan, Measurement measurement)
    {
        switch (measurement)
        {
            case Measurement.Failed failed:
                return (Outcome.Error, failed.Why);
            case Measurement.Missing missing:
                return (Outcome.NoData, missing.Why);
            case Measurement.Compared compared:
                return ComparisonVerdict.Evaluate(plan, compared.Sums);
            case Measurement.Measured { Samples: { } samples, IsOfLongestWindow: true } when samples < plan.MinSamples:
                return (Outcome.Inconclusive, $"{Requests(samples)} in the longest window, {Duration.Format(LookWindow.Longest)}, and at least {plan.MinSamples} are needed: "
                    + $"with so few it never concludes; lower {plan.Path}.minSamples of the policy, or give the step more traffic");
            case Measurement.Measured { Samples: { } samples } when samples < plan.MinSamples:
                return (Outcome.Inconclusive, $"{Requests(samples)} so far, at least {plan.MinSamples} are needed");
            case Measurement.Measured { Value: double.NaN }:
                return (Outcome.NoData, "the value is NaN: there is nothing to compute it from");
            case Measurement.Measured { Value: var value } when double.IsInfinity(value):
                return (Outcome.Error, "the value is infinite: the query divides by zero");
            case Measurement.Measured { Value: var value } when plan.Bound.Admits(value):
                return (Outcome.Pass, null);
            case Measurement.Measured measured:
                var (text, violation) = plan.Bound.Violation(measured.Value, plan.Unit);
                var over = measured.Samples is { } n ? $" over {Requests(n)}" : "";
                return (Outcome.Fail, $"{plan.Noun} {text}{over} is {violation}");
            default:
                throw new ArgumentOutOfRangeException(nameof(measurement));
        }
    }

    private static string Requests(long count) => count == 1 ? "1 request" : $"{count} requests";
}
