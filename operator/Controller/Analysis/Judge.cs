using ModelOperator.Api.ModelDeployments;
using ModelOperator.Controller.Analysis.Counters;
using ModelOperator.Controller.Analysis.Prometheus;
using ModelOperator.Controller.Analysis.Queries;
using ModelOperator.Controller.Analysis.Verdicts;
using ModelOperator.Controller.Reporting;

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
        var looks = plans.Select(async plan => (plan, await LookAsync(plan, request, measurer, now, ct)));
        var report = DecisionRules.Combine(await Task.WhenAll(looks), request.StepStartedAt, now);
        LogJudged(request.Namespace, request.Deployment, request.Revision, report.Decision, report.Reason);
        return report;
    }

    private async Task<AnalysisStatus> LookAsync(
        MetricPlan plan, JudgementRequest request, MetricMeasurer measurer, DateTimeOffset now, CancellationToken ct)
    {
        var remembered = VerdictRules.Remembered(plan, request.Previous, request.StepStartedAt);
        var earlier = request.Previous.LastOrDefault(plan.Owns);
        if (now < VerdictRules.DueAt(plan, remembered, request.StepStartedAt, now))
        {
            return remembered ?? VerdictRules.Waiting(plan, earlier);
        }

        var measurement = await measurer.MeasureAsync(plan, ct);
        var status = VerdictRules.Judge(plan, remembered, measurement, now, earlier);
        metrics.Record(request, plan, status, measurement);
        return status;
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Judged {Revision} of {Namespace}/{Deployment}: {Decision}: {Reason}")]
    private partial void LogJudged(string @namespace, string deployment, string revision, JudgementDecision decision, string reason);
}
