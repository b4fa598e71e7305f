namespace ModelOperator.Demo.Cluster;

/// <summary>A run of a client failed.</summary>
internal sealed class ToolException(string program, IReadOnlyList<string> arguments, ToolResult result)
    : Exception($"`{program} {string.Join(' ', arguments)}` ended with {result.ExitCode}: {result.Error.Trim()}");
