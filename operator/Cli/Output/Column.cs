namespace ModelOperator.Cli.Output;

/// <summary>A column of a table.</summary>
/// <param name="Name">Its heading.</param>
/// <param name="Rank">What is left out first where the terminal is narrow: the highest. 0: never.</param>
internal readonly record struct Column(string Name, int Rank = 0);
