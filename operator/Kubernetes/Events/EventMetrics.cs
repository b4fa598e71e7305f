using System.Diagnostics.Metrics;

namespace ModelOperator.Kubernetes.Events;

/// <summary>What became of events that were to be told.</summary>
public sealed class EventMetrics
{
    /// <summary>The meter to export.</summary>
    public const string MeterName = "ModelOperator.Kubernetes.Events";

    private readonly Counter<long> _dropped;

    /// <param name="meters">Makes the meter.</param>
    public EventMetrics(IMeterFactory meters) => _dropped = meters.Create(MeterName).CreateCounter<long>(
        "kubernetes_events_dropped_total", description: "Events that were not written: queue_full, spam, or failed.");

    internal void Dropped(string reason) => _dropped.Add(1, new KeyValuePair<string, object?>("reason", reason));
}
