namespace ModelOperator.Demo.Cluster;

/// <summary>How a run of kubectl ended and what it printed.</summary>
internal sealed record KubectlResult(int ExitCode, string Output, string Error);
