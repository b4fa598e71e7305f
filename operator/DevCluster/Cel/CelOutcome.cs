namespace ModelOperator.DevCluster.Cel;

/// <summary>The result of a rule.</summary>
/// <param name="Verdict">Whether it holds.</param>
/// <param name="Error">Why there is no answer; null unless <see cref="CelVerdict.Error"/>.</param>
/// <param name="Cost">The steps it took.</param>
/// <param name="IsOverBudget">The error is that the steps ran out.</param>
internal sealed record CelOutcome(CelVerdict Verdict, string? Error, long Cost, bool IsOverBudget = false);
