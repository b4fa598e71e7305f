using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ModelOperator.Kubernetes.Builder;
using ModelOperator.Kubernetes.Events;
using ModelOperator.Kubernetes.Informers;
using ModelOperator.Kubernetes.LeaderElection;

namespace ModelOperator.Kubernetes.Hosting;

/// <summary>
/// The life of an operator process, in controller-runtime's order. Starting: servers (the host's own, for metrics and health),
/// caches, election, controllers; a process that is not elected stays at the third step, warm. Stopping: controllers, which
/// finish what is in hand, caches, servers, and last the lease and the events. A process that loses its leadership does none of
/// that: it drops everything and ends with <see cref="OperatorExit.LeadershipLost"/>, for another may work already.
/// </summary>
internal sealed partial class OperatorRuntime(
    OperatorSettings settings,
    RegistrationValidator validator,
    IServiceProvider services,
    IHostApplicationLifetime lifetime,
    IOptions<HostOptions> hostOptions,
    OperatorExit exit,
    TimeProvider timeProvider,
    ILogger<OperatorRuntime> logger) : IHostedLifecycleService, IDisposable
{
    // One request each: enough for an API that answers, and not missed if it does not.
    private static readonly TimeSpan FarewellTimeout = TimeSpan.FromSeconds(5);

    private readonly ILogger _logger = logger;
    private readonly CancellationTokenSource _stopWork = new();
    private readonly CancellationTokenSource _abandonWork = new();
    private readonly CancellationTokenSource _stopCaches = new();
    private readonly CancellationTokenSource _stopHolding = new();
    private LeaderElector? _elector;
    private EventRecorder? _events;
    private Task _run = Task.CompletedTask;
    private Task _caches = Task.CompletedTask;
    private Task _holding = Task.CompletedTask;
    private Task _working = Task.CompletedTask;

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        validator.Validate();
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        _events = services.GetRequiredService<EventRecorder>();
        _events.Start();
        _elector = services.GetService<LeaderElector>();
        // Controllers register with the informers, which must happen before these run.
        var controllers = services.GetServices<RunnableController>().ToList();
        _run = Task.Run(() => GuardAsync(controllers), CancellationToken.None);
        return Task.CompletedTask;
    }

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        await _stopWork.CancelAsync();
        var drain = Task.WhenAll(_run, _working);
        try
        {
            await drain.WaitAsync(settings.GracefulShutdownTimeout, timeProvider, cancellationToken);
        }
        catch (Exception error) when ((error is TimeoutException or OperationCanceledException) && !_abandonWork.IsCancellationRequested)
        {
            LogAbandons(settings.GracefulShutdownTimeout);
            await _abandonWork.CancelAsync();
        }
        catch (Exception)
        {
            // What ended the work was told when it did.
        }

        await _stopCaches.CancelAsync();
        await _caches.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        await _stopHolding.CancelAsync();
        await _holding.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        using var patience = new CancellationTokenSource(FarewellTimeout, timeProvider);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        // A lease under which work may still go on is left to run out. One that does not lead may have it all the same: its write
        // may have arrived without an answer.
        if (_elector is not null && !_abandonWork.IsCancellationRequested)
        {
            await _elector.ReleaseAsync(both.Token);
        }

        if (_events is not null)
        {
            await _events.StopAsync(both.Token);
        }
    }

    public void Dispose()
    {
        _stopWork.Dispose();
        _abandonWork.Dispose();
        _stopCaches.Dispose();
        _stopHolding.Dispose();
    }

    private async Task GuardAsync(IReadOnlyList<RunnableController> controllers)
    {
        try
        {
            await RunAsync(controllers);
        }
        catch (OperationCanceledException) when (_stopWork.IsCancellationRequested)
        {
            // It was asked to stop before it had begun to work.
        }
        catch (LeadershipLostException lost)
        {
            exit.Code = OperatorExit.LeadershipLost;
            hostOptions.Value.ShutdownTimeout = TimeSpan.Zero;
            await _abandonWork.CancelAsync();
            LogLost(lost.Message);
            lifetime.StopApplication();
        }
        catch (Exception error)
        {
            exit.Code = OperatorExit.Failed;
            LogFailed(error);
            lifetime.StopApplication();
        }
    }

    private async Task RunAsync(IReadOnlyList<RunnableController> controllers)
    {
        var informers = services.GetRequiredService<SharedInformers>();
        _caches = informers.RunAsync(_stopCaches.Token);
        await await Task.WhenAny(_caches, WarmUpAsync(informers));
        if (_elector is not null)
        {
            await await Task.WhenAny(_caches, _elector.AcquireAsync(_stopWork.Token));
            _holding = _elector.HoldAsync(_stopHolding.Token);
        }

        _working = Task.WhenAll(controllers.Select(controller => controller.RunAsync(_stopWork.Token, _abandonWork.Token)));
        List<Task> vital = _elector is null ? [_caches, _working] : [_caches, _working, _holding];
        await await Task.WhenAny(vital);
    }

    private async Task WarmUpAsync(SharedInformers informers)
    {
        try
        {
            await informers.WaitForSyncAsync(_stopWork.Token).WaitAsync(settings.CacheSyncTimeout, timeProvider, _stopWork.Token);
        }
        catch (TimeoutException error)
        {
            throw new TimeoutException($"the first lists did not come within {settings.CacheSyncTimeout}", error);
        }
    }

    [LoggerMessage(Level = LogLevel.Critical, Message = "This process ends at once: {Reason}")]
    private partial void LogLost(string reason);

    [LoggerMessage(Level = LogLevel.Critical, Message = "The operator failed")]
    private partial void LogFailed(Exception error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Reconciliations are abandoned: they went on for {Grace} after the process was asked to stop")]
    private partial void LogAbandons(TimeSpan grace);
}
