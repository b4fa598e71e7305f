namespace ModelOperator.DevCluster.Node.Pods;

/// <summary>How a run of a container ended.</summary>
internal sealed record ContainerExit(
    int ExitCode, string Reason, string? Message, DateTimeOffset StartedAt, DateTimeOffset FinishedAt, string? ContainerId)
{
    public bool Succeeded => ExitCode == 0;
}
