namespace ModelOperator.DevCluster.ApiServer.Storage;

internal enum ChangeType
{
    Added,
    Modified,
    Deleted,
}
