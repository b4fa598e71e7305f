using ModelOperator.Judgement.Verdicts;

namespace ModelOperator.Judgement.Queries;

/// <summary>A metric that the operator measures itself, from the router's counters.</summary>
/// <param name="Name">As a policy names it.</param>
/// <param name="Noun">As a sentence names it.</param>
/// <param name="Unit">Of its value.</param>
/// <param name="Quantile">For a latency, which one; null for a share.</param>
internal sealed record BuiltinMetric(string Name, string Noun, ValueUnit Unit, double? Quantile)
{
    private const string Disagreement = "disagreement";
    private const string Saturation = "saturation";

    public static readonly IReadOnlyList<BuiltinMetric> All =
    [
        new("errorRate", "error rate", ValueUnit.Share, null),
        new("latencyP50", "p50 latency", ValueUnit.Seconds, 0.5),
        new("latencyP95", "p95 latency", ValueUnit.Seconds, 0.95),
        new("latencyP99", "p99 latency", ValueUnit.Seconds, 0.99),
        new(Disagreement, "disagreement with stable's answers", ValueUnit.Share, null),
        new(Saturation, "requests in flight for each ready pod", ValueUnit.Number, null),
    ];

    /// <summary>Whether it is about mirrored answers, not about requests.</summary>
    public bool IsDisagreement => Name == Disagreement;

    /// <summary>Whether it is about how busy pods are, not about answers.</summary>
    public bool IsSaturation => Name == Saturation;

    /// <summary>Finds one by its name; null when there is none.</summary>
    public static BuiltinMetric? Find(string name) => All.FirstOrDefault(b => b.Name == name);
}
