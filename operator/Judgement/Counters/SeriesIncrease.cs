namespace ModelOperator.Judgement.Counters;

/// <summary>How far one series rose in a window.</summary>
internal sealed record SeriesIncrease(IReadOnlyDictionary<string, string> Labels, double Increase);
