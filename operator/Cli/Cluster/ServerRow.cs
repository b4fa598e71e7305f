namespace ModelOperator.Cli.Cluster;

/// <summary>A row of a <see cref="ServerTable"/>.</summary>
/// <param name="Cells">The texts, one for each column.</param>
/// <param name="Namespace">Where the object is; null when that was not asked for.</param>
internal sealed record ServerRow(IReadOnlyList<string> Cells, string? Namespace);
