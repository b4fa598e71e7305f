namespace ModelOperator.DevCluster.ApiServer.Storage;

/// <summary>Writes in order, and whether there may be more.</summary>
internal sealed record ChangeLogPage(ChangeLogState State, IReadOnlyList<Change> Changes);
