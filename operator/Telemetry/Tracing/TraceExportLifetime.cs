using Microsoft.Extensions.Hosting;
using OpenTelemetry.Trace;

namespace ModelOperator.Telemetry.Tracing;

/// <summary>Makes the host own the exporter, and sends what is left when it ends.</summary>
internal sealed class TraceExportLifetime(TracerProvider provider) : IHostedService
{
    private const int FlushMilliseconds = 2000;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.Run(() => provider.ForceFlush(FlushMilliseconds), cancellationToken);
}
