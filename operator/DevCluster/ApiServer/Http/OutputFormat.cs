namespace ModelOperator.DevCluster.ApiServer.Http;

/// <summary>What a client wants objects to look like, from its Accept header.</summary>
internal enum OutputFormat
{
    Object,
    Table,
    PartialMetadata,
}
