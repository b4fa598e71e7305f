namespace ModelOperator.Serving.Hosting;

/// <summary>
/// Keeps the listeners open for a while after SIGTERM. The pod is not ready from that moment on, but routers learn it
/// a little later and must not find a closed door meanwhile.
/// </summary>
internal sealed partial class DrainDelay(ServingSettings settings, TimeProvider time, Loading.ModelSlot slot, ILogger<DrainDelay> logger)
    : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // Runs before the server is told to stop; the server then finishes the requests in flight.
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        if (slot.Model is null)
        {
            return;
        }
        LogDraining(settings.Drain.TotalSeconds);
        await Task.Delay(settings.Drain, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(Level = LogLevel.Information, Message = "Stopping: not ready, requests are still taken for {Seconds} s")]
    private partial void LogDraining(double seconds);
}
