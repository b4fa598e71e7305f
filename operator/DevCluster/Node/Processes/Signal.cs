namespace ModelOperator.DevCluster.Node.Processes;

/// <summary>The signals the node sends.</summary>
internal enum Signal
{
    Kill = 9,
    Terminate = 15,
}
