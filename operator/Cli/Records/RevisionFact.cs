namespace ModelOperator.Cli.Records;

/// <summary>One thing that is known.</summary>
/// <param name="Key">Its name for programs.</param>
/// <param name="Label">Its name for people.</param>
/// <param name="Value">What is known.</param>
internal sealed record RevisionFact(string Key, string Label, string Value);
