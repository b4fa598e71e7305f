using System.Diagnostics.Metrics;

namespace ModelOperator.Kubernetes.LeaderElection;

/// <summary>What is measured of an election, under client-go's names.</summary>
public sealed class LeaderElectionMetrics
{
    /// <summary>The meter to export.</summary>
    public const string MeterName = "ModelOperator.Kubernetes.LeaderElection";

    private readonly KeyValuePair<string, object?> _name;
    private readonly Counter<long> _slowPaths;
    private volatile bool _isLeading;

    /// <param name="meters">Makes the meter.</param>
    /// <param name="leaseName">Goes into the label <c>name</c>.</param>
    public LeaderElectionMetrics(IMeterFactory meters, string leaseName)
    {
        _name = new KeyValuePair<string, object?>("name", leaseName);
        var meter = meters.Create(MeterName);
        meter.CreateObservableGauge(
            "leader_election_master_status",
            () => new Measurement<int>(_isLeading ? 1 : 0, _name),
            description: "1 while this process leads, 0 while it stands by.");
        _slowPaths = meter.CreateCounter<long>(
            "leader_election_slowpath_total", description: "Renewals that had to read the lease because the write from memory failed.");
        _slowPaths.Add(0, _name);
    }

    internal void Leads(bool isLeading) => _isLeading = isLeading;

    internal void TookSlowPath() => _slowPaths.Add(1, _name);
}
