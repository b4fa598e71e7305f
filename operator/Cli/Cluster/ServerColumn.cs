namespace ModelOperator.Cli.Cluster;

/// <summary>A column of a <see cref="ServerTable"/>.</summary>
/// <param name="Name">Its heading.</param>
/// <param name="IsWide">Whether it is shown only when more is asked for.</param>
internal sealed record ServerColumn(string Name, bool IsWide);
