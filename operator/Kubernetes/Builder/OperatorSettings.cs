using ModelOperator.Kubernetes.LeaderElection;

namespace ModelOperator.Kubernetes.Builder;

/// <summary>How an operator runs, under KubeOps' names where it has them. Made by an <see cref="OperatorSettingsBuilder"/>.</summary>
public sealed record OperatorSettings
{
    /// <summary>The operator's name: the Lease, and the component of its events.</summary>
    public required string Name { get; init; }

    /// <summary>The only namespace that is looked at; null: all.</summary>
    public required string? Namespace { get; init; }

    /// <summary>Which of several processes works.</summary>
    public required LeaderElectionType LeaderElectionType { get; init; }

    /// <summary>The name of the Lease.</summary>
    public required string LeaderElectionLeaseName { get; init; }

    /// <summary>The namespace of the Lease.</summary>
    public required string LeaderElectionLeaseNamespace { get; init; }

    /// <inheritdoc cref="LeaderElectionSettings.LeaseDuration"/>
    public required TimeSpan LeaderElectionLeaseDuration { get; init; }

    /// <inheritdoc cref="LeaderElectionSettings.RenewDeadline"/>
    public required TimeSpan LeaderElectionRenewDeadline { get; init; }

    /// <inheritdoc cref="LeaderElectionSettings.RetryPeriod"/>
    public required TimeSpan LeaderElectionRetryPeriod { get; init; }

    /// <summary>Entities of one kind that are worked on at the same time.</summary>
    public required int MaxParallelReconciliations { get; init; }

    /// <summary>How long the first lists may take before the process gives up.</summary>
    public required TimeSpan CacheSyncTimeout { get; init; }

    /// <summary>How long reconciliations may go on after the process was asked to stop.</summary>
    public required TimeSpan GracefulShutdownTimeout { get; init; }

    /// <summary>The settings of the election.</summary>
    internal LeaderElectionSettings LeaderElection => new()
    {
        LeaseName = LeaderElectionLeaseName,
        LeaseNamespace = LeaderElectionLeaseNamespace,
        LeaseDuration = LeaderElectionLeaseDuration,
        RenewDeadline = LeaderElectionRenewDeadline,
        RetryPeriod = LeaderElectionRetryPeriod,
    };
}
