using ModelOperator.Controller.Analysis.Verdicts;

namespace ModelOperator.Controller.Analysis.Queries;

/// <summary>A metric that the operator measures itself, from the router's counters.</summary>
/// <param name="Name">As a policy names it.</param>
/// <param name="Noun">As a sentence names it.</param>
/// <param name="Unit">Of its value.</param>
/// <param name="Quantile">For a latency, which one; null for the error rate.</param>
internal sealed record BuiltinMetric(string Name, string Noun, ValueUnit Unit, double? Quantile)
{
    public static readonly IReadOnlyList<BuiltinMetric> All =
    [
        new("errorRate", "error rate", ValueUnit.Share, null),
        new("latencyP50", "p50 latency", ValueUnit.Seconds, 0.5),
        new("latencyP95", "p95 latency", ValueUnit.Seconds, 0.95),
        new("latencyP99", "p99 latency", ValueUnit.Seconds, 0.99),
    ];

    /// <summary>Finds one by its name; null when there is none.</summary>
    public static BuiltinMetric? Find(string name) => All.FirstOrDefault(b => b.Name == name);
}
