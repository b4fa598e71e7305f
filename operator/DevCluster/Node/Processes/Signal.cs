namespace ModelOperator.DevCluster.Node.Processes;

/// <summary>The signals the node sends, by Linux' numbers.</summary>
internal enum Signal
{
    Kill = 9,
    Terminate = 15,
    Continue = 18,

    /// <summary>Stands still until <see cref="Continue"/>; cannot be refused.</summary>
    Stop = 19,
}
