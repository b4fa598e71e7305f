namespace ModelOperator.Router.Hosting;

/// <summary>
/// Goes on serving for a while after the order to stop: endpoints and load balancers take a moment to notice that
/// <c>/readyz</c> says no. Then the server closes its port and finishes what it has begun.
/// </summary>
internal sealed partial class DrainService(
    RouterOptions options, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<DrainService> logger) : IHostedLifecycleService
{
    /// <inheritdoc/>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        // A signal has done this already; a host that is stopped by its program has not.
        lifetime.StopApplication();
        LogDraining(options.Drain);
        await Task.Delay(options.Drain, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(Level = LogLevel.Information, Message = "Stopping: not ready any more, serving for another {Drain}")]
    private partial void LogDraining(TimeSpan drain);
}
