using Microsoft.Extensions.Logging;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Events;

namespace ModelOperator.Kubernetes.LeaderElection;

/// <summary>
/// Makes one of several processes the leader. Used in this order, by one caller: <see cref="AcquireAsync"/>,
/// <see cref="HoldAsync"/> while the work is done, and after the work has stopped <see cref="ReleaseAsync"/>. It decides nothing
/// itself (see <see cref="ElectorState"/>), it does what was decided.
/// </summary>
public sealed partial class LeaderElector
{
    // controller-runtime's: beyond this a leader that neither renews nor stops has to be restarted from outside.
    private static readonly TimeSpan HealthTolerance = TimeSpan.FromSeconds(20);

    private readonly ILeaseLock _lease;
    private readonly LeaderElectionSettings _settings;
    private readonly LeaderElectionMetrics _metrics;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly long _start;
    private volatile ElectorState _state;
    private string? _lastTrouble;

    /// <param name="client">The cluster; a client of its own keeps renewals out of the queue behind other requests.</param>
    /// <param name="settings">Which Lease, as whom, how fast.</param>
    /// <param name="events">Where an election is told.</param>
    /// <param name="metrics">Where it is measured.</param>
    /// <param name="timeProvider">The clock; only its monotonic side decides anything.</param>
    /// <param name="logger">Where trouble is told.</param>
    /// <exception cref="ArgumentException">The settings cannot work.</exception>
    public LeaderElector(
        IKubernetesClient client, LeaderElectionSettings settings, IEventRecorder events, LeaderElectionMetrics metrics, TimeProvider timeProvider, ILogger<LeaderElector> logger)
        : this(new LeaseLock(client, settings, events), settings, metrics, timeProvider, logger)
    {
    }

    internal LeaderElector(ILeaseLock lease, LeaderElectionSettings settings, LeaderElectionMetrics metrics, TimeProvider timeProvider, ILogger logger)
    {
        if (settings.Validate() is { } problem)
        {
            throw new ArgumentException(problem, nameof(settings));
        }

        _lease = lease;
        _settings = settings;
        _metrics = metrics;
        _timeProvider = timeProvider;
        _logger = logger;
        _start = timeProvider.GetTimestamp();
        _state = new ElectorState(settings);
    }

    /// <summary>Whether this process leads.</summary>
    public bool IsLeading => _state.IsLeading;

    /// <summary>Who leads, as far as this process knows; null: nobody.</summary>
    public string? Leader => _state.Lease?.Record.Holder is { Length: > 0 } holder ? holder : null;

    private TimeSpan Now => _timeProvider.GetElapsedTime(_start);

    private DateTime UtcNow => _timeProvider.GetUtcNow().UtcDateTime;

    /// <summary>Null when well; else a sentence for a health check: this process believes to lead but has long failed to renew and to stop.</summary>
    public string? Problem() => _state.RenewedAt is { } renewedAt && Now - renewedAt is var age && age > _settings.LeaseDuration + HealthTolerance
        ? $"the lease {_settings.LeaseNamespace}/{_settings.LeaseName} was last renewed {age.TotalSeconds:0} s ago"
        : null;

    /// <summary>Completes when this process leads. Trouble is logged and tried again, for as long as it takes.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled before.</exception>
    public async Task AcquireAsync(CancellationToken cancellationToken)
    {
        LogCampaigns(_settings.Identity, _settings.LeaseNamespace, _settings.LeaseName);
        string? told = null;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await AttemptAsync(cancellationToken);
            if (_state.IsLeading)
            {
                _metrics.Leads(true);
                LogElected(_settings.Identity);
                _lease.Tell($"{_settings.Identity} became leader");
                return;
            }

            if (Leader is { } leader && leader != told)
            {
                LogStandsBy(told = leader);
            }

            await Task.Delay(_state.Pause(Now, Random.Shared.NextDouble()), _timeProvider, cancellationToken);
        }
    }

    /// <summary>Renews until cancelled, and then returns with the Lease still held.</summary>
    /// <exception cref="LeadershipLostException">It could not be renewed in time, or somebody else has it.</exception>
    public async Task HoldAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(_state.Pause(Now, jitter: 0), _timeProvider, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (cancellationToken.IsCancellationRequested)
            {
                return;
            }

            try
            {
                await AttemptAsync(cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    /// <summary>
    /// Gives the Lease back if this process has it, so that another leads within a retry period instead of a lease duration. Call it
    /// when the work has stopped. One attempt: what fails here ends by itself when the Lease runs out.
    /// </summary>
    public async Task ReleaseAsync(CancellationToken cancellationToken)
    {
        _state = _state.StoppedLeading();
        _metrics.Leads(false);
        try
        {
            using var limit = Limit(cancellationToken);
            _state = _state.See(await _lease.GetAsync(limit.Token), Now);
            if (_state.Release(UtcNow) is not { } release)
            {
                return;
            }

            await _lease.ReplaceAsync(release.Record, release.ResourceVersion, limit.Token);
            LogReleased(_settings.Identity);
            _lease.Tell($"{_settings.Identity} stopped leading");
        }
        catch (Exception error)
        {
            LogNotReleased(error, _settings.LeaseNamespace, _settings.LeaseName);
        }
    }

    private async Task AttemptAsync(CancellationToken cancellationToken)
    {
        var mayReadAfterwards = _state.IsLeading;
        var step = _state.Begin(Now, UtcNow);
        while (true)
        {
            switch (step)
            {
                case ElectionStep.GiveUp lost:
                    Lose(lost.Reason);
                    return;
                case ElectionStep.Read:
                    if (await TryAsync(_lease.GetAsync, cancellationToken) is not (true, var lease))
                    {
                        return;
                    }

                    _state = _state.See(lease, Now);
                    step = _state.Decide(Now, UtcNow);
                    break;
                case ElectionStep.Create create:
                    await WriteAsync(token => _lease.CreateAsync(create.Record, token), cancellationToken);
                    return;
                case ElectionStep.Replace replace:
                    if (await WriteAsync(token => _lease.ReplaceAsync(replace.Record, replace.ResourceVersion, token), cancellationToken) || !mayReadAfterwards)
                    {
                        return;
                    }

                    _metrics.TookSlowPath();
                    mayReadAfterwards = false;
                    step = new ElectionStep.Read();
                    break;
                default:
                    return;
            }
        }
    }

    private async Task<bool> WriteAsync(Func<CancellationToken, Task<LeaseVersion>> write, CancellationToken cancellationToken)
    {
        var sentAt = Now;
        if (await TryAsync(write, cancellationToken) is not (true, { } written))
        {
            return false;
        }

        _state = _state.Wrote(written, sentAt);
        return true;
    }

    private async Task<(bool Succeeded, T? Value)> TryAsync<T>(Func<CancellationToken, Task<T>> request, CancellationToken cancellationToken)
    {
        using var limit = Limit(cancellationToken);
        try
        {
            // A request that does not heed its cancellation must not hold the elector up beyond the deadline.
            var answer = await request(limit.Token).WaitAsync(limit.Token);
            _lastTrouble = null;
            return (true, answer);
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            if (error is not KubernetesException { IsConflict: true } and not KubernetesException { IsAlreadyExists: true } && error.Message != _lastTrouble)
            {
                LogTrouble(error, _settings.LeaseNamespace, _settings.LeaseName);
                _lastTrouble = error.Message;
            }

            return default;
        }
    }

    private LinkedTimeout Limit(CancellationToken cancellationToken) => new(_state.RequestTimeout(Now), _timeProvider, cancellationToken);

    private void Lose(string reason)
    {
        _state = _state.StoppedLeading();
        _metrics.Leads(false);
        throw new LeadershipLostException(reason);
    }

    private sealed class LinkedTimeout : IDisposable
    {
        private readonly CancellationTokenSource _timeout;
        private readonly CancellationTokenSource _both;

        public LinkedTimeout(TimeSpan limit, TimeProvider timeProvider, CancellationToken cancellationToken)
        {
            _timeout = new CancellationTokenSource(limit, timeProvider);
            _both = CancellationTokenSource.CreateLinkedTokenSource(_timeout.Token, cancellationToken);
        }

        public CancellationToken Token => _both.Token;

        public void Dispose()
        {
            _both.Dispose();
            _timeout.Dispose();
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Identity} stands for election by the lease {Namespace}/{Name}")]
    private partial void LogCampaigns(string identity, string @namespace, string name);

    [LoggerMessage(Level = LogLevel.Information, Message = "Standing by: {Leader} leads")]
    private partial void LogStandsBy(string leader);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Identity} leads")]
    private partial void LogElected(string identity);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Identity} has given the lease back")]
    private partial void LogReleased(string identity);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The lease {Namespace}/{Name} could not be given back; others wait until it runs out")]
    private partial void LogNotReleased(Exception error, string @namespace, string name);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The lease {Namespace}/{Name} could not be read or written; trying again")]
    private partial void LogTrouble(Exception error, string @namespace, string name);
}
