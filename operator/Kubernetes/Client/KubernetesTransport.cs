using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.Logging;
using ModelOperator.Kubernetes.Client.Authentication;
using ModelOperator.Kubernetes.Client.Connections;

namespace ModelOperator.Kubernetes.Client;

/// <summary>
/// Sends requests: credentials, a time limit until the answer starts, waiting where the server asks for it with
/// <c>Retry-After</c>, and refusals as exceptions.
/// </summary>
internal sealed partial class KubernetesTransport : IDisposable
{
    private readonly ConnectionPool _connections;
    private readonly KubernetesClientConfiguration _configuration;
    private readonly TimeProvider _timeProvider;
    private readonly ICredentialSource _credentials;
    private readonly ServerWarnings _warnings;
    private readonly RestClientMetrics? _metrics;
    private readonly string _basePath;
    private readonly string? _hostHeader;
    private readonly string _host;

    public KubernetesTransport(KubernetesClientConfiguration configuration, TimeProvider timeProvider, ILogger logger, RestClientMetrics? metrics)
    {
        _configuration = configuration;
        _timeProvider = timeProvider;
        _metrics = metrics;
        _credentials = CredentialSources.Create(configuration, timeProvider, logger);
        _connections = new ConnectionPool(configuration, timeProvider, logger);
        _warnings = new ServerWarnings(logger);
        _basePath = configuration.Server.GetLeftPart(UriPartial.Path).TrimEnd('/');
        _host = configuration.Server.Authority;
        _hostHeader = KubernetesHttpHandler.NamesServerOnConnect(configuration) ? null : configuration.TlsServerName;
        while (configuration.Warnings.TakeNext() is { } warning)
        {
            LogConfiguration(logger, warning);
        }
    }

    /// <summary>Sends a request and reads the JSON of the answer.</summary>
    /// <exception cref="KubernetesException">The server refused, or answered with something else than the type's JSON.</exception>
    /// <exception cref="HttpRequestException">The server could not be reached, or the credentials could not be had.</exception>
    /// <exception cref="TimeoutException">The answer took too long.</exception>
    public async Task<T> SendAsync<T>(HttpMethod method, string pathAndQuery, RequestBody? body, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var start = _timeProvider.GetTimestamp();
        try
        {
            using var response = await OpenAsync(method, pathAndQuery, body, isStream: false, limit, cancellationToken);
            await using var timer = CancelAfterTimeout(limit);
            return await AnswerReader.ReadAsync<T>(response.RequestMessage!, response, limit.Token);
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw TimedOut(method, pathAndQuery, error);
        }
        finally
        {
            _metrics?.Took(method, _host, _timeProvider.GetElapsedTime(start));
        }
    }

    /// <summary>Sends a GET and returns as soon as the answer starts; its body may take as long as it likes.</summary>
    /// <inheritdoc cref="SendAsync{T}" path="/exception"/>
    public async Task<HttpResponseMessage> OpenStreamAsync(string pathAndQuery, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            return await OpenAsync(HttpMethod.Get, pathAndQuery, body: null, isStream: true, limit, cancellationToken);
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw TimedOut(HttpMethod.Get, pathAndQuery, error);
        }
    }

    public void Dispose()
    {
        _connections.Dispose();
        _credentials.Dispose();
    }

    private TimeoutException TimedOut(HttpMethod method, string pathAndQuery, Exception inner) =>
        new($"{method} {pathAndQuery.Split('?')[0]}: no answer within {_configuration.RequestTimeout.TotalSeconds:0} s", inner);

    private ITimer CancelAfterTimeout(CancellationTokenSource limit) => _timeProvider.CreateTimer(
        static state => ((CancellationTokenSource)state!).Cancel(), limit, _configuration.RequestTimeout, Timeout.InfiniteTimeSpan);

    private async Task<HttpResponseMessage> OpenAsync(
        HttpMethod method, string pathAndQuery, RequestBody? body, bool isStream, CancellationTokenSource limit, CancellationToken cancellationToken)
    {
        RequestCredential? refused = null;
        for (var attempt = 1; ; attempt++)
        {
            var credential = await _credentials.GetAsync(cancellationToken);
            using var request = CreateRequest(method, pathAndQuery, body, credential);
            var outcome = await AttemptAsync(request, credential, attempt, isStream, limit);
            if (outcome.Answer is { } answer)
            {
                return answer;
            }

            var wait = outcome.Wait;
            if (outcome.Refusal is { } refusal)
            {
                // A newer credential may be taken where this one was not; once, or two clocks at odds would go on for ever.
                wait = refused is null && await HasNewerAsync(credential, cancellationToken) ? TimeSpan.Zero : throw refusal;
                refused = credential;
            }

            _metrics?.Retried(method, _host, outcome.Status);
            await Task.Delay(wait, _timeProvider, cancellationToken);
        }
    }

    private async Task<AttemptOutcome> AttemptAsync(
        HttpRequestMessage request, RequestCredential credential, int attempt, bool isStream, CancellationTokenSource limit)
    {
        // Each attempt has the whole time; waiting in between is the server's wish and does not count.
        await using var timer = CancelAfterTimeout(limit);
        HttpResponseMessage response;
        try
        {
            response = await _connections.SendAsync(request, credential, limit.Token);
            _metrics?.Sent(request.Method, _host, response.StatusCode);
        }
        catch (HttpRequestException error)
        {
            _metrics?.Sent(request.Method, _host, status: null);
            if (isStream || RetryPolicy.AfterBrokenConnection(attempt, request.Method, error) is not { } pause)
            {
                throw;
            }

            return AttemptOutcome.Again(status: null, pause);
        }

        _warnings.Tell(response.Headers);
        if (response.IsSuccessStatusCode)
        {
            return AttemptOutcome.Answered(response);
        }

        using (response)
        {
            if (RetryPolicy.AfterAnswer(attempt, response.StatusCode, RetryAfter(response)) is { } wait)
            {
                return AttemptOutcome.Again(response.StatusCode, wait);
            }

            var refusal = await AnswerReader.ReadRefusalAsync(request, response, limit.Token);
            return response.StatusCode == HttpStatusCode.Unauthorized ? AttemptOutcome.Unauthorized(refusal) : throw refusal;
        }
    }

    private async Task<bool> HasNewerAsync(RequestCredential refused, CancellationToken cancellationToken) =>
        _credentials.Refuse(refused) && !refused.IsSameAs(await _credentials.GetAsync(cancellationToken));

    private HttpRequestMessage CreateRequest(HttpMethod method, string pathAndQuery, RequestBody? body, RequestCredential credential)
    {
        var request = new HttpRequestMessage(method, _basePath + pathAndQuery)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        request.Headers.TryAddWithoutValidation("User-Agent", _configuration.UserAgent);
        request.Headers.Host = _hostHeader;
        request.Headers.Authorization = credential.Authorization;
        if (_configuration.Impersonation is { } impersonation)
        {
            RequestHeaders.Impersonate(request.Headers, impersonation);
        }

        if (body is not null)
        {
            request.Content = new ByteArrayContent(body.Json) { Headers = { ContentType = new MediaTypeHeaderValue(body.ContentType) } };
        }

        return request;
    }

    private TimeSpan? RetryAfter(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - _timeProvider.GetUtcNow(),
        _ => null,
    };

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Warning}")]
    private static partial void LogConfiguration(ILogger logger, string warning);
}
