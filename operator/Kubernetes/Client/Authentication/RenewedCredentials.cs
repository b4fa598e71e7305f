using Microsoft.Extensions.Logging;

namespace ModelOperator.Kubernetes.Client.Authentication;

/// <summary>Keeps a credential for its time and has one renewal at a time, however many requests wait for it.</summary>
internal sealed partial class RenewedCredentials : ICredentialSource
{
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(10);

    private readonly ICredentialProvider _provider;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private CredentialFreshness _freshness;
    private RequestCredential? _credential;
    private Task<RequestCredential>? _renewal;

    /// <param name="provider">Makes the credentials.</param>
    /// <param name="timeProvider">The clock of their times.</param>
    /// <param name="logger">Told when an old credential stays in use.</param>
    /// <param name="first">What to start with; null: what the provider makes.</param>
    public RenewedCredentials(ICredentialProvider provider, TimeProvider timeProvider, ILogger logger, ObtainedCredential? first = null)
    {
        _provider = provider;
        _timeProvider = timeProvider;
        _logger = logger;
        if (first is { } given)
        {
            Take(given);
        }
    }

    /// <inheritdoc/>
    public ValueTask<RequestCredential> GetAsync(CancellationToken cancellationToken)
    {
        Task<RequestCredential> renewal;
        lock (_gate)
        {
            if (_credential is { } current && !_freshness.MustRenew(_timeProvider.GetUtcNow()))
            {
                return ValueTask.FromResult(current);
            }

            // Not on the caller's token: one that gives up must not take the others' renewal with it.
            renewal = _renewal ??= Task.Run(RenewAsync, CancellationToken.None);
        }

        return new ValueTask<RequestCredential>(renewal.WaitAsync(cancellationToken));
    }

    /// <inheritdoc/>
    public bool Refuse(RequestCredential refused)
    {
        lock (_gate)
        {
            _freshness = _freshness.Refused(refused.Sequence);
            return true;
        }
    }

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    private async Task<RequestCredential> RenewAsync()
    {
        try
        {
            var obtained = await _provider.ObtainAsync(_stop.Token);
            lock (_gate)
            {
                _renewal = null;
                return Take(obtained);
            }
        }
        catch (Exception error)
        {
            lock (_gate)
            {
                _renewal = null;
                _freshness = _freshness.RenewalFailed(_timeProvider.GetUtcNow() + RetryInterval);
                if (_provider.KeepsLast && _credential is { } last && error is CredentialsException)
                {
                    LogKept(error.Message);
                    return last;
                }
            }

            throw;
        }
    }

    private RequestCredential Take(ObtainedCredential obtained)
    {
        _freshness = _freshness.Obtained(obtained.RenewAt);
        return _credential = obtained.Credential.WithSequence(_freshness.Sequence);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Fault}; the last credential stays in use.")]
    private partial void LogKept(string fault);
}
