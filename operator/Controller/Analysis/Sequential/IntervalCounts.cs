namespace ModelOperator.Controller.Analysis.Sequential;

/// <summary>What was counted between two looks.</summary>
internal sealed record IntervalCounts(BadCount Candidate, StableCounts Stable);
