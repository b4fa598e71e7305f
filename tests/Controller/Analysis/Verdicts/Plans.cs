using ModelOperator.Api.ModelDeployments;
using ModelOperator.Judgement.Queries;
using ModelOperator.Judgement.Verdicts;

namespace ModelOperator.Controller.Tests.Analysis.Verdicts;

/// <summary>Metrics and statuses that tests vary.</summary>
internal static class Plans
{
    public static readonly DateTimeOffset Start = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    public static MetricPlan Errors(string name = "errors") => new()
    {
        Policy = "digits-slo",
        Metric = name,
        Builtin = BuiltinMetric.Find("errorRate"),
        Bound = new Bound(null, 0.01),
    };

    public static MetricPlan Drift() => new() { Policy = "drift", Metric = "score", Query = "drift", Bound = new Bound(0.5, 1) };

    public static AnalysisStatus Status(MetricPlan plan, Measurement measurement, DateTimeOffset? at = null, AnalysisStatus? remembered = null) =>
        VerdictRules.Judge(plan, remembered, measurement, at ?? Start.AddSeconds(15));

    public static Measurement Rate(double value, long samples = 100) => new Measurement.Measured(value, samples);
}
