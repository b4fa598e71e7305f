namespace ModelOperator.Judgement.Sequential;

/// <summary>What was counted between two looks.</summary>
internal sealed record IntervalCounts(BadCount Candidate, StableCounts Stable);
