namespace ModelOperator.DevCluster.ApiServer.Storage;

internal sealed record ChangeLogPage(ChangeLogState State, IReadOnlyList<Change> Changes, Task Next);
