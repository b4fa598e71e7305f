namespace ModelOperator.Kubernetes.Builder;

/// <summary>Collects the settings of an operator; what is not set has controller-runtime's default.</summary>
public sealed class OperatorSettingsBuilder
{
    private LeaderElectionType _leaderElectionType;
    private string? _leaseName;
    private string _leaseNamespace = "default";
    private TimeSpan _leaseDuration = TimeSpan.FromSeconds(15);
    private TimeSpan _renewDeadline = TimeSpan.FromSeconds(10);
    private TimeSpan _retryPeriod = TimeSpan.FromSeconds(2);
    private string _name = "operator";
    private string? _namespace;
    private int _maxParallelReconciliations = 1;
    private TimeSpan _gracefulShutdownTimeout = TimeSpan.FromSeconds(30);

    /// <summary>Names the operator; default: <c>operator</c>.</summary>
    public OperatorSettingsBuilder WithName(string name)
    {
        _name = name;
        return this;
    }

    /// <summary>Looks at one namespace only.</summary>
    public OperatorSettingsBuilder WithNamespace(string? namespaceName)
    {
        _namespace = namespaceName;
        return this;
    }

    /// <summary>Elects one of several processes by a Lease.</summary>
    /// <param name="leaseNamespace">Where the Lease is: the operator's own namespace.</param>
    /// <param name="leaseName">Its name; null: the operator's.</param>
    public OperatorSettingsBuilder WithLeaderElection(string leaseNamespace, string? leaseName = null)
    {
        _leaderElectionType = LeaderElectionType.Single;
        (_leaseNamespace, _leaseName) = (leaseNamespace, leaseName);
        return this;
    }

    /// <summary>Sets how fast a dead leader is replaced; default: 15, 10 and 2 seconds.</summary>
    public OperatorSettingsBuilder WithLeaderElectionTimings(TimeSpan leaseDuration, TimeSpan renewDeadline, TimeSpan retryPeriod)
    {
        (_leaseDuration, _renewDeadline, _retryPeriod) = (leaseDuration, renewDeadline, retryPeriod);
        return this;
    }

    /// <summary>Works on several entities of a kind at the same time; default: 1.</summary>
    public OperatorSettingsBuilder WithMaxParallelReconciliations(int count)
    {
        _maxParallelReconciliations = count;
        return this;
    }

    /// <summary>Sets how long reconciliations may go on after the process was asked to stop; default: 30 seconds.</summary>
    public OperatorSettingsBuilder WithGracefulShutdownTimeout(TimeSpan timeout)
    {
        _gracefulShutdownTimeout = timeout;
        return this;
    }

    /// <summary>The settings as they are now.</summary>
    public OperatorSettings Build() => new()
    {
        Name = _name,
        Namespace = _namespace,
        LeaderElectionType = _leaderElectionType,
        LeaderElectionLeaseName = _leaseName ?? _name,
        LeaderElectionLeaseNamespace = _leaseNamespace,
        LeaderElectionLeaseDuration = _leaseDuration,
        LeaderElectionRenewDeadline = _renewDeadline,
        LeaderElectionRetryPeriod = _retryPeriod,
        MaxParallelReconciliations = _maxParallelReconciliations,
        CacheSyncTimeout = TimeSpan.FromMinutes(2),
        GracefulShutdownTimeout = _gracefulShutdownTimeout,
    };
}
