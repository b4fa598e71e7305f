using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using ModelOperator.Api.ModelDeployments;
using ModelOperator.Judgement;
using ModelOperator.Judgement.Verdicts;

namespace ModelOperator.Controller.Analysis;

/// <summary>What the judge tells Prometheus of its looks. A metric that has not been judged for ten minutes is not told any more.</summary>
internal sealed class AnalysisMetrics
{
    public const string MeterName = "ModelOperator.Controller.Analysis";

    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<(string Namespace, string Deployment, string Policy, string Metric), Entry> _entries = new();
    private readonly TimeProvider _time;

    public AnalysisMetrics(IMeterFactory meters, TimeProvider time)
    {
        _time = time;
        var meter = meters.Create(MeterName);
        meter.CreateObservableGauge("modeloperator_analysis_value", () => Told(entry => entry.Value), description: "The candidate's value at the latest look; shares of 1, seconds.");
        meter.CreateObservableGauge("modeloperator_analysis_verdict", Verdicts, description: "1 for the verdict of the latest look, 0 for the others.");
        meter.CreateObservableGauge(
            "modeloperator_analysis_evidence", () => Told(entry => entry.Evidence),
            description: "The evidence that the candidate is worse than stable as a natural logarithm, over that of what it takes to roll back; 1 rolls back.");
        meter.CreateObservableGauge("modeloperator_analysis_dispersion", () => Told(entry => entry.Dispersion), description: "How much more stable's bad events scatter than independent ones.");
    }

    /// <summary>Takes in a look.</summary>
    public void Record(JudgementRequest request, MetricPlan plan, AnalysisStatus status, Measurement measurement)
    {
        var compared = measurement as Measurement.Compared;
        double? value = measurement switch
        {
            Measurement.Measured { Value: var number } when double.IsFinite(number) => number,
            Measurement.Compared { Sums.Candidate: { Total: > 0 } counts } => counts.Rate,
            _ => null,
        };
        _entries[(request.Namespace, request.Deployment, plan.Policy, plan.Metric)] = new Entry(
            _time.GetUtcNow(),
            status.Verdict ?? "",
            value,
            compared is null ? null : compared.Sums.Harm.Log / Math.Log(plan.Comparison!.HarmThreshold),
            compared?.Sums.Dispersion.Factor);
    }

    private IEnumerable<System.Diagnostics.Metrics.Measurement<double>> Told(Func<Entry, double?> value)
    {
        foreach (var (key, entry) in Recent())
        {
            if (value(entry) is { } number)
            {
                yield return new(number, Tags(key));
            }
        }
    }

    private IEnumerable<System.Diagnostics.Metrics.Measurement<int>> Verdicts() =>
        from recent in Recent()
        from outcome in Enum.GetNames<Outcome>()
        select new System.Diagnostics.Metrics.Measurement<int>(recent.Value.Verdict == outcome ? 1 : 0, [.. Tags(recent.Key), new("verdict", outcome)]);

    private ConcurrentDictionary<(string Namespace, string Deployment, string Policy, string Metric), Entry> Recent()
    {
        var oldest = _time.GetUtcNow() - Kept;
        foreach (var old in _entries.Where(entry => entry.Value.At < oldest).ToList())
        {
            _entries.TryRemove(old);
        }

        return _entries;
    }

    private static KeyValuePair<string, object?>[] Tags((string Namespace, string Deployment, string Policy, string Metric) key) =>
        [new("namespace", key.Namespace), new("deployment", key.Deployment), new("policy", key.Policy), new("metric", key.Metric)];

    private sealed record Entry(DateTimeOffset At, string Verdict, double? Value, double? Evidence, double? Dispersion);
}
