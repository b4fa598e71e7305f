namespace ModelOperator.OpenInference.Suite;

/// <param name="Case">What was asked.</param>
/// <param name="Verdict">What came of it.</param>
/// <param name="Reason">Why it failed or does not apply; else null.</param>
internal sealed record CaseResult(ConformanceCase Case, Verdict Verdict, string? Reason);
