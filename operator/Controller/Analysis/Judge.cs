using ModelOperator.Api.ModelDeployments;
using ModelOperator.Controller.Analysis.Counters;
using ModelOperator.Controller.Analysis.Prometheus;
using ModelOperator.Controller.Reporting;
using ModelOperator.Judgement;
using ModelOperator.Judgement.Counters;
using ModelOperator.Judgement.Queries;
using ModelOperator.Judgement.Verdicts;

namespace ModelOperator.Controller.Analysis;

/// <summary>Reads the policies, takes the looks that are due, applies the rules.</summary>
internal sealed partial class Judge(PrometheusClient prometheus, CounterFeed feed, AnalysisOptions options, AnalysisMetrics metrics, TimeProvider time, ILogger<Judge> logger) : IJudge
{
    public async Task<JudgementReport> JudgeAsync(JudgementRequest request, CancellationToken ct)
    {
        var now = time.GetStatusNow();
        using var queries = new LookQueries(prometheus);
        var measurer = new MetricMeasurer(feed, queries, request, LookWindow.Since(request.StepStartedAt, now));
        var plans = MetricPlan.Read(request.Policies, request.Namespace, options.PrometheusAddress);
        foreach (var plan in plans)
        {
            Expect(plan, request, now);
        }

        var looks = plans.Select(async plan => (plan, await LookAsync(plan, request, measurer, now, ct)));
        var report = DecisionRules.Combine(await Task.WhenAll(looks), request.StepStartedAt, now, plan => Rhythm(plan, request));
        LogJudged(request.Namespace, request.Deployment, request.Revision, report.Decision, report.Reason);
        return report;
    }

    private async Task<AnalysisStatus> LookAsync(
        MetricPlan plan, JudgementRequest request, MetricMeasurer measurer, DateTimeOffset now, CancellationToken ct)
    {
        var remembered = VerdictRules.Remembered(plan, request.Previous, request.StepStartedAt);
        var earlier = request.Previous.LastOrDefault(plan.Owns);
        var isAligned = Rhythm(plan, request)?.IsAliveAt(now) == true;
        var dueAt = VerdictRules.DueAt(plan, remembered, request.StepStartedAt, now, Rhythm(plan, request));
        if (now < dueAt)
        {
            return remembered ?? VerdictRules.Waiting(plan, earlier);
        }

        var measurement = await measurer.MeasureAsync(plan, ct);
        if (isAligned && measurement is not Measurement.Failed && Rhythm(plan, request)?.IsAwaited(dueAt, now) == true)
        {
            // The sample that this look is for is on its way: to judge the one before it again would count it twice.
            return remembered ?? VerdictRules.Waiting(plan, earlier);
        }

        var status = VerdictRules.Judge(plan, remembered, measurement, now, earlier);
        metrics.Record(request, plan, status, measurement);
        return status;
    }

    private void Expect(MetricPlan plan, JudgementRequest request, DateTimeOffset now)
    {
        if (plan is { Server: { } server, Counters: { Count: > 0 } counters })
        {
            var subjects = new[] { request.Revision, request.StableRevision }.OfType<string>()
                .SelectMany(revision => counters.Select(counter => request.Source.Subject(counter, request, revision)));
            feed.Expect(server, subjects, LookWindow.Since(request.StepStartedAt, now).From, request.StepStartedAt + plan.Interval);
        }
    }

    // A query of the user's own is asked when the router's samples come: what it asks for is scraped by the same Prometheus.
    private SampleRhythm? Rhythm(MetricPlan plan, JudgementRequest request)
    {
        var counter = plan.Counters is [var first, ..] ? first : RouterCounters.Requests;
        return plan.Server is { } server ? feed.RhythmOf(server, request.Source.Subject(counter, request, request.Revision)) : null;
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Judged {Revision} of {Namespace}/{Deployment}: {Decision}: {Reason}")]
    private partial void LogJudged(string @namespace, string deployment, string revision, JudgementDecision decision, string reason);
}
