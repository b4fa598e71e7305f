using System.Collections.Immutable;
using System.Diagnostics.Metrics;

namespace ModelOperator.Kubernetes.Queue;

/// <summary>The metrics of work queues, under the names and with the buckets of controller-runtime.</summary>
public sealed class WorkQueueMetrics
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "ModelOperator.Kubernetes.Queue";

    // Seconds, from 10 ns by factors of ten.
    private static readonly InstrumentAdvice<double> Buckets = new()
    {
        HistogramBucketBoundaries = [1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1, 10, 100, 1000],
    };

    private ImmutableArray<QueueInstruments> _queues = [];

    public WorkQueueMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        Adds = meter.CreateCounter<long>("workqueue_adds_total", null, "Total number of adds handled by workqueue");
        Retries = meter.CreateCounter<long>("workqueue_retries_total", null, "Total number of retries handled by workqueue");
        QueueDuration = meter.CreateHistogram(
            "workqueue_queue_duration_seconds", "s", "How long in seconds an item stays in workqueue before being requested", tags: null, Buckets);
        WorkDuration = meter.CreateHistogram(
            "workqueue_work_duration_seconds", "s", "How long in seconds processing an item from workqueue takes.", tags: null, Buckets);
        meter.CreateObservableGauge("workqueue_depth", Depths, null, "Current depth of workqueue by workqueue and priority");
        meter.CreateObservableGauge(
            "workqueue_unfinished_work_seconds",
            () => _queues.Select(queue => Measure(queue, queue.Gauges.Unfinished().Sum)),
            "s",
            "How many seconds of work has been done that is in progress and hasn't been observed by work_duration.");
        meter.CreateObservableGauge(
            "workqueue_longest_running_processor_seconds",
            () => _queues.Select(queue => Measure(queue, queue.Gauges.Unfinished().Longest)),
            "s",
            "How many seconds has the longest running processor for workqueue been running.");
    }

    internal Counter<long> Adds { get; }

    internal Counter<long> Retries { get; }

    internal Histogram<double> QueueDuration { get; }

    internal Histogram<double> WorkDuration { get; }

    internal QueueInstruments Measure(string name, IQueueGauges gauges)
    {
        var queue = new QueueInstruments(this, name, gauges);
        Adds.Add(0, new KeyValuePair<string, object?>("name", name), new KeyValuePair<string, object?>("controller", name));
        Retries.Add(0, new KeyValuePair<string, object?>("name", name), new KeyValuePair<string, object?>("controller", name));
        ImmutableInterlocked.Update(ref _queues, (queues, added) => queues.Add(added), queue);
        return queue;
    }

    internal void Forget(QueueInstruments queue) => ImmutableInterlocked.Update(ref _queues, (queues, gone) => queues.Remove(gone), queue);

    private static Measurement<double> Measure(QueueInstruments queue, TimeSpan time) => new(
        time.TotalSeconds, new KeyValuePair<string, object?>("name", queue.Name), new KeyValuePair<string, object?>("controller", queue.Name));

    private IEnumerable<Measurement<long>> Depths() =>
        from queue in _queues
        from depth in queue.Gauges.Depths()
        select new Measurement<long>(
            depth.Count,
            new KeyValuePair<string, object?>("name", queue.Name),
            new KeyValuePair<string, object?>("controller", queue.Name),
            new KeyValuePair<string, object?>("priority", depth.Priority));
}
