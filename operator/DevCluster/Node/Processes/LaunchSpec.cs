namespace ModelOperator.DevCluster.Node.Processes;

/// <summary>A local process to start: nothing of the node's own environment reaches it.</summary>
internal sealed record LaunchSpec(
    IReadOnlyList<string> Command, IReadOnlyDictionary<string, string> Environment, string WorkingDirectory, string LogFile);
