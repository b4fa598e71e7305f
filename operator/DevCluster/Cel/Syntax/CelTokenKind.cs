namespace ModelOperator.DevCluster.Cel.Syntax;

internal enum CelTokenKind
{
    Identifier,
    Int,
    Double,
    String,
    Operator,
    End,
}
