using System.Diagnostics.Metrics;
using ModelOperator.Kubernetes.Queue;

namespace ModelOperator.Kubernetes.Controllers;

/// <summary>The metrics of controllers, under the names and with the buckets of controller-runtime.</summary>
public sealed class ControllerMetrics
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "ModelOperator.Kubernetes.Controllers";

    private static readonly InstrumentAdvice<double> Buckets = new()
    {
        HistogramBucketBoundaries =
        [
            0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.25, 1.5,
            1.75, 2, 2.5, 3, 3.5, 4, 4.5, 5, 6, 7, 8, 9, 10, 15, 20, 25, 30, 40, 50, 60,
        ],
    };

    public ControllerMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        Queues = new WorkQueueMetrics(meters);
        Total = meter.CreateCounter<long>("controller_runtime_reconcile_total", null, "Total number of reconciliations per controller");
        Errors = meter.CreateCounter<long>("controller_runtime_reconcile_errors_total", null, "Total number of reconciliation errors per controller");
        TerminalErrors = meter.CreateCounter<long>(
            "controller_runtime_terminal_reconcile_errors_total", null, "Total number of terminal reconciliation errors per controller");
        Panics = meter.CreateCounter<long>("controller_runtime_reconcile_panics_total", null, "Total number of reconciliation panics per controller");
        Timeouts = meter.CreateCounter<long>(
            "controller_runtime_reconcile_timeouts_total", null, "Total number of reconciliation timeouts per controller");
        Time = meter.CreateHistogram(
            "controller_runtime_reconcile_time_seconds", "s", "Length of time per reconciliation per controller", tags: null, Buckets);
        MaxConcurrent = meter.CreateGauge<long>(
            "controller_runtime_max_concurrent_reconciles", null, "Maximum number of concurrent reconciles per controller");
        ActiveWorkers = meter.CreateUpDownCounter<long>(
            "controller_runtime_active_workers", null, "Number of currently used workers per controller");
    }

    /// <summary>The metrics of the controllers' queues.</summary>
    public WorkQueueMetrics Queues { get; }

    internal Counter<long> Total { get; }

    internal Counter<long> Errors { get; }

    internal Counter<long> TerminalErrors { get; }

    internal Counter<long> Panics { get; }

    internal Counter<long> Timeouts { get; }

    internal Histogram<double> Time { get; }

    internal Gauge<long> MaxConcurrent { get; }

    internal UpDownCounter<long> ActiveWorkers { get; }
}
