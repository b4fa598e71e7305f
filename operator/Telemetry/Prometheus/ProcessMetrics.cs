using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace ModelOperator.Telemetry.Prometheus;

/// <summary>The process' own figures under the names that every Prometheus client library uses.</summary>
internal sealed class ProcessMetrics
{
    public const string MeterName = "ModelOperator.Process";

    public ProcessMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        var started = new DateTimeOffset(Process.GetCurrentProcess().StartTime).ToUnixTimeMilliseconds() / 1000.0;
        meter.CreateObservableCounter("process_cpu_seconds_total", () => Environment.CpuUsage.TotalTime.TotalSeconds,
            null, "Total user and system CPU time spent in seconds.");
        meter.CreateObservableGauge("process_resident_memory_bytes", () => Environment.WorkingSet,
            null, "Resident memory size in bytes.");
        meter.CreateObservableGauge("process_start_time_seconds", () => started,
            null, "Start time of the process since unix epoch in seconds.");
        meter.CreateObservableCounter("dotnet_gc_allocated_bytes_total", () => GC.GetTotalAllocatedBytes(),
            null, "Bytes allocated on the managed heap since the process started.");
        meter.CreateObservableCounter("dotnet_gc_pause_seconds_total", () => GC.GetTotalPauseDuration().TotalSeconds,
            null, "Time that the program stood still for garbage collections.");
    }
}
