namespace ModelOperator.DevCluster.ApiServer.Storage;

internal enum ChangeLogState
{
    Current,

    /// <summary>The revision asked for is older than what is kept.</summary>
    Compacted,

    /// <summary>The resource is no longer served.</summary>
    Closed,
}
