using ModelOperator.Judgement;
namespace ModelOperator.Controller.Analysis;

/// <summary>Judges a candidate by its policies. It keeps nothing between calls: what it must remember is in the report's metrics.</summary>
internal interface IJudge
{
    /// <summary>
    /// Takes the looks that are due and combines all metrics into one decision. A Prometheus that is down or a query that is
    /// wrong is a verdict (<c>Error</c>), never an exception; only cancellation throws.
    /// </summary>
    Task<JudgementReport> JudgeAsync(JudgementRequest request, CancellationToken ct);
}
