namespace ModelOperator.DevCluster.ApiServer.Schemas;

/// <summary>How a list is merged and owned: as one value, by its values, or by the keys of its items.</summary>
internal enum ListType
{
    Atomic,
    Set,
    Map,
}
