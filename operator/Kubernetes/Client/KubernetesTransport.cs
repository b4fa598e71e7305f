using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using ModelOperator.Kubernetes.Client.Authentication;
using ModelOperator.Kubernetes.Client.Connections;
using ModelOperator.Kubernetes.Serialization;

namespace ModelOperator.Kubernetes.Client;

/// <summary>
/// Sends requests: credentials, a time limit until the answer starts, waiting where the server asks for it with
/// <c>Retry-After</c>, and refusals as exceptions.
/// </summary>
internal sealed partial class KubernetesTransport : IDisposable
{
    /// <summary>The media type of everything but patches.</summary>
    public const string Json = "application/json";

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
        if (configuration.Impersonation?.Unsendable is { } field)
        {
            throw new KubernetesConfigurationException($"impersonation: {field} has several values, of which only one can be sent");
        }

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
    public Task<T> SendAsync<T>(HttpMethod method, string pathAndQuery, RequestBody? body, CancellationToken cancellationToken) =>
        ExchangeAsync(
            new ApiRequest(method, pathAndQuery, Json, body),
            static async (stream, cancellationToken) =>
                await JsonSerializer.DeserializeAsync<T>(stream, KubernetesJson.Options, cancellationToken) ?? throw new JsonException("it is null"),
            cancellationToken);

    /// <summary>Sends a GET and reads the answer with <paramref name="read"/>, which throws <see cref="JsonException"/> for what it cannot read.</summary>
    /// <inheritdoc cref="SendAsync{T}" path="/exception"/>
    public Task<T> ReadAsync<T>(
        string pathAndQuery, string accept, Func<Stream, CancellationToken, Task<T>> read, CancellationToken cancellationToken) =>
        ExchangeAsync(new ApiRequest(HttpMethod.Get, pathAndQuery, accept), read, cancellationToken);

    /// <summary>Sends a GET and returns as soon as the answer starts; its body may take as long as it likes.</summary>
    /// <inheritdoc cref="SendAsync{T}" path="/exception"/>
    public async Task<HttpResponseMessage> OpenStreamAsync(string pathAndQuery, string accept, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var request = new ApiRequest(HttpMethod.Get, pathAndQuery, accept) { IsStream = true };
        try
        {
            return await OpenAsync(request, limit, cancellationToken);
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw TimedOut(request, error);
        }
    }

    public void Dispose()
    {
        _connections.Dispose();
        _credentials.Dispose();
    }

    private TimeoutException TimedOut(ApiRequest request, Exception inner) =>
        new($"{request.Method} {request.Path}: no answer within {_configuration.RequestTimeout.TotalSeconds:0} s", inner);

    private ITimer CancelAfterTimeout(CancellationTokenSource limit) => _timeProvider.CreateTimer(
        static state => ((CancellationTokenSource)state!).Cancel(), limit, _configuration.RequestTimeout, Timeout.InfiniteTimeSpan);

    private async Task<T> ExchangeAsync<T>(ApiRequest request, Func<Stream, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var start = _timeProvider.GetTimestamp();
        try
        {
            using var response = await OpenAsync(request, limit, cancellationToken);
            await using var timer = CancelAfterTimeout(limit);
            return await AnswerReader.ReadAsync(request, response, read, limit.Token);
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw TimedOut(request, error);
        }
        finally
        {
            _metrics?.Took(request.Method, _host, _timeProvider.GetElapsedTime(start));
        }
    }

    private async Task<HttpResponseMessage> OpenAsync(ApiRequest request, CancellationTokenSource limit, CancellationToken cancellationToken)
    {
        var hasRenewed = false;
        for (var attempt = 1; ; attempt++)
        {
            var credential = await _credentials.GetAsync(cancellationToken);
            var outcome = await AttemptAsync(request, credential, attempt, limit);
            if (outcome.Answer is { } answer)
            {
                return answer;
            }

            if (outcome.Refusal is { } refusal)
            {
                // A newer credential may be taken where this one was not; once, or a server at odds with us would be asked for ever.
                if (hasRenewed || !await HasNewerAsync(credential, cancellationToken))
                {
                    throw refusal;
                }

                hasRenewed = true;
            }

            _metrics?.Retried(request.Method, _host, outcome.Status);
            await Task.Delay(outcome.Wait, _timeProvider, cancellationToken);
        }
    }

    private async Task<AttemptOutcome> AttemptAsync(
        ApiRequest request, RequestCredential credential, int attempt, CancellationTokenSource limit)
    {
        // Each attempt has the whole time; waiting in between is the server's wish and does not count.
        await using var timer = CancelAfterTimeout(limit);
        using var message = CreateMessage(request, credential);
        HttpResponseMessage response;
        try
        {
            response = await _connections.SendAsync(message, credential, limit.Token);
            _metrics?.Sent(request.Method, _host, response.StatusCode);
        }
        catch (HttpRequestException error)
        {
            _metrics?.Sent(request.Method, _host, status: null);
            if (request.IsStream || RetryPolicy.AfterBrokenConnection(attempt, request.Method, error) is not { } pause)
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

    private HttpRequestMessage CreateMessage(ApiRequest request, RequestCredential credential)
    {
        var message = new HttpRequestMessage(request.Method, _basePath + request.PathAndQuery)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        message.Headers.TryAddWithoutValidation("Accept", request.Accept);
        message.Headers.TryAddWithoutValidation("User-Agent", _configuration.UserAgent);
        message.Headers.Host = _hostHeader;
        message.Headers.Authorization = credential.Authorization;
        if (_configuration.Impersonation is { } impersonation)
        {
            RequestHeaders.Impersonate(message.Headers, impersonation);
        }

        if (request.Body is { } body)
        {
            message.Content = new ByteArrayContent(body.Json) { Headers = { ContentType = new MediaTypeHeaderValue(body.ContentType) } };
        }

        return message;
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
