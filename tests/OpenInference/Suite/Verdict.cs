namespace ModelOperator.OpenInference.Suite;

/// <summary>What came of a case.</summary>
internal enum Verdict
{
    Passed,
    Failed,
    NotApplicable,
}
