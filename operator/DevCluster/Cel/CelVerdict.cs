namespace ModelOperator.DevCluster.Cel;

/// <summary>How an evaluation ended.</summary>
internal enum CelVerdict
{
    True,
    False,
    Error,
}
