namespace ModelOperator.Demo.Cluster;

/// <summary>How a run of a client ended and what it printed.</summary>
internal sealed record ToolResult(int ExitCode, string Output, string Error);
