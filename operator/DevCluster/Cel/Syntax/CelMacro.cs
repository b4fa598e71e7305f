namespace ModelOperator.DevCluster.Cel.Syntax;

internal enum CelMacro
{
    All,
    Exists,
    ExistsOne,
    Filter,
    Map,
}
