using System.Diagnostics.Metrics;

namespace ModelOperator.Kubernetes.Informers;

/// <summary>What informers count.</summary>
public sealed class InformerMetrics
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "ModelOperator.Kubernetes.Informers";

    private readonly Counter<long> _lists;
    private readonly Counter<long> _watches;
    private readonly Counter<long> _invalid;

    public InformerMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _lists = meter.CreateCounter<long>("informer_lists_total", null, "Times that all objects were taken in, by list or stream, since the start.");
        _watches = meter.CreateCounter<long>("informer_watches_total", null, "Watches opened.");
        _invalid = meter.CreateCounter<long>("informer_invalid_total", null, "Objects, events and answers of the API that could not be used.");
    }

    internal void TookAll(string resource) => _lists.Add(1, new KeyValuePair<string, object?>("resource", resource));

    internal void WatchOpened(string resource) => _watches.Add(1, new KeyValuePair<string, object?>("resource", resource));

    internal void Invalid(string resource, string reason) =>
        _invalid.Add(1, new KeyValuePair<string, object?>("resource", resource), new KeyValuePair<string, object?>("reason", reason));
}
