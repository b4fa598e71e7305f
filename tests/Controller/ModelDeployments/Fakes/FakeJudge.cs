using ModelOperator.Api.ModelDeployments;
using ModelOperator.Controller.Analysis;
using ModelOperator.Judgement;

namespace ModelOperator.Controller.Tests.ModelDeployments.Fakes;

internal sealed class FakeJudge(TimeProvider time) : IJudge
{
    public JudgementDecision Decision { get; set; } = JudgementDecision.Advance;

    public List<JudgementRequest> Requests { get; } = [];

    public Task<JudgementReport> JudgeAsync(JudgementRequest request, CancellationToken ct)
    {
        Requests.Add(request);
        var verdict = Decision == JudgementDecision.Rollback ? "Fail" : "Pass";
        return Task.FromResult(new JudgementReport(
            [new AnalysisStatus { Policy = "slo", Metric = "errors", Verdict = verdict, Value = "0.01" }],
            Decision,
            "error rate 4 % of 100 requests is above 1 %",
            "errors",
            time.GetUtcNow() + TimeSpan.FromSeconds(15)));
    }
}
