namespace ModelOperator.Controller.Analysis.Counters;

/// <summary>A value at a time.</summary>
internal readonly record struct Sample(DateTimeOffset At, double Value);
