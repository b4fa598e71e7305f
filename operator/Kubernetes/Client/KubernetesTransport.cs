using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using ModelOperator.Kubernetes.Models;
using ModelOperator.Kubernetes.Serialization;

namespace ModelOperator.Kubernetes.Client;

/// <summary>
/// Sends requests: credentials, a time limit until the answer starts, waiting where the server asks for it with
/// <c>Retry-After</c>, and refusals as exceptions.
/// </summary>
internal sealed class KubernetesTransport : IDisposable
{
    /// <summary>The media type of everything but patches.</summary>
    public const string Json = "application/json";

    private const int MaxAttempts = 10;
    private const int MaxErrorBytes = 64 * 1024;
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan MaxRetryAfter = TimeSpan.FromSeconds(60);

    private readonly HttpClient _http;
    private readonly KubernetesClientConfiguration _configuration;
    private readonly TimeProvider _timeProvider;
    private readonly BearerToken _token;
    private readonly string _basePath;

    public KubernetesTransport(KubernetesClientConfiguration configuration, TimeProvider timeProvider)
    {
        _configuration = configuration;
        _timeProvider = timeProvider;
        _token = new BearerToken(configuration, timeProvider);
        _basePath = configuration.Server.GetLeftPart(UriPartial.Path).TrimEnd('/');
        _http = new HttpClient(KubernetesHttpHandler.Create(configuration))
        {
            Timeout = Timeout.InfiniteTimeSpan,
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
    }

    /// <summary>Sends a request and reads the JSON of the answer.</summary>
    /// <exception cref="KubernetesException">The server refused, or answered with something else than the type's JSON.</exception>
    /// <exception cref="HttpRequestException">The server could not be reached.</exception>
    /// <exception cref="TimeoutException">The answer took too long.</exception>
    public Task<T> SendAsync<T>(HttpMethod method, string pathAndQuery, RequestBody? body, CancellationToken cancellationToken) =>
        ExchangeAsync(
            method,
            pathAndQuery,
            body,
            Json,
            static async (stream, cancellationToken) =>
                await JsonSerializer.DeserializeAsync<T>(stream, KubernetesJson.Options, cancellationToken) ?? throw new JsonException("the answer is null"),
            cancellationToken);

    /// <summary>Sends a GET and reads the answer with <paramref name="read"/>, which throws <see cref="JsonException"/> for what it cannot read.</summary>
    /// <inheritdoc cref="SendAsync{T}" path="/exception"/>
    public Task<T> ReadAsync<T>(
        string pathAndQuery, string accept, Func<Stream, CancellationToken, Task<T>> read, CancellationToken cancellationToken) =>
        ExchangeAsync(HttpMethod.Get, pathAndQuery, body: null, accept, read, cancellationToken);

    /// <summary>Sends a GET and returns as soon as the answer starts; its body may take as long as it likes.</summary>
    /// <inheritdoc cref="SendAsync{T}" path="/exception"/>
    public async Task<HttpResponseMessage> OpenStreamAsync(string pathAndQuery, string accept, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            return await OpenAsync(HttpMethod.Get, pathAndQuery, body: null, accept, limit, cancellationToken);
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw TimedOut(HttpMethod.Get, pathAndQuery, error);
        }
    }

    public void Dispose() => _http.Dispose();

    private static string PathOf(string pathAndQuery) => pathAndQuery.Split('?')[0];

    private static TimeoutException TimedOut(HttpMethod method, string pathAndQuery, Exception inner) =>
        new($"{method} {PathOf(pathAndQuery)}: no answer within {RequestTimeout.TotalSeconds:0} s", inner);

    private static async Task<KubernetesException> RefusalAsync(
        HttpRequestMessage request, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var buffer = new byte[MaxErrorBytes];
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        return new KubernetesException(response.StatusCode, ParseStatus(request, response, buffer.AsSpan(0, length)));
    }

    private static V1Status ParseStatus(HttpRequestMessage request, HttpResponseMessage response, ReadOnlySpan<byte> body)
    {
        try
        {
            if (JsonSerializer.Deserialize<V1Status>(body, KubernetesJson.Options) is { Kind: "Status", Message: not null } status)
            {
                return status;
            }
        }
        catch (JsonException)
        {
            // Proxies and load balancers answer in their own words; what they say is told below.
        }

        var text = new string(Encoding.UTF8.GetString(body[..Math.Min(body.Length, 200)]).Select(c => char.IsControl(c) ? ' ' : c).ToArray()).Trim();
        var detail = text.Length == 0 ? "" : $": {text}";
        return new V1Status
        {
            Status = "Failure",
            Code = (int)response.StatusCode,
            Message = $"{request.Method} {request.RequestUri?.AbsolutePath}: HTTP {(int)response.StatusCode} {response.ReasonPhrase}{detail}",
        };
    }

    private ITimer CancelAfterTimeout(CancellationTokenSource limit) =>
        _timeProvider.CreateTimer(
            static state => ((CancellationTokenSource)state!).Cancel(), limit, RequestTimeout, Timeout.InfiniteTimeSpan);

    private async Task<T> ExchangeAsync<T>(
        HttpMethod method,
        string pathAndQuery,
        RequestBody? body,
        string accept,
        Func<Stream, CancellationToken, Task<T>> read,
        CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            using var response = await OpenAsync(method, pathAndQuery, body, accept, limit, cancellationToken);
            await using var timer = CancelAfterTimeout(limit);
            await using var stream = await response.Content.ReadAsStreamAsync(limit.Token);
            return await read(stream, limit.Token);
        }
        catch (JsonException error)
        {
            throw new KubernetesException(HttpStatusCode.OK, new V1Status
            {
                Status = "Failure",
                Message = $"{method} {PathOf(pathAndQuery)}: the answer is not the JSON of a {typeof(T).Name}: {error.Message}",
            });
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw TimedOut(method, pathAndQuery, error);
        }
    }

    private async Task<HttpResponseMessage> OpenAsync(
        HttpMethod method, string pathAndQuery, RequestBody? body, string accept, CancellationTokenSource limit, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            // Each attempt has the whole time; waiting in between is the server's wish and does not count.
            await using var timer = CancelAfterTimeout(limit);
            using var request = CreateRequest(method, pathAndQuery, body, accept);
            var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            if (response.IsSuccessStatusCode)
            {
                return response;
            }

            using (response)
            {
                if (attempt >= MaxAttempts || RetryAfter(response) is not { } wait)
                {
                    throw await RefusalAsync(request, response, limit.Token);
                }

                timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                await Task.Delay(wait, _timeProvider, cancellationToken);
            }
        }
    }

    private HttpRequestMessage CreateRequest(HttpMethod method, string pathAndQuery, RequestBody? body, string accept)
    {
        var request = new HttpRequestMessage(method, _basePath + pathAndQuery)
        {
            Version = _http.DefaultRequestVersion,
            VersionPolicy = _http.DefaultVersionPolicy,
        };
        request.Headers.TryAddWithoutValidation("Accept", accept);
        request.Headers.TryAddWithoutValidation("User-Agent", _configuration.UserAgent);
        // SocketsHttpHandler takes the name to validate from the Host header; SslOptions.TargetHost has no effect.
        request.Headers.Host = _configuration.TlsServerName;
        if (_token.Current() is { } bearer)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        }

        if (body is not null)
        {
            request.Content = new ByteArrayContent(body.Json) { Headers = { ContentType = new MediaTypeHeaderValue(body.ContentType) } };
        }

        return request;
    }

    private TimeSpan? RetryAfter(HttpResponseMessage response)
    {
        var wait = response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - _timeProvider.GetUtcNow(),
            _ => (TimeSpan?)null,
        };
        var asksToRetry = response.StatusCode is HttpStatusCode.TooManyRequests || (int)response.StatusCode >= 500;
        return asksToRetry && wait <= MaxRetryAfter ? (wait > TimeSpan.Zero ? wait : TimeSpan.Zero) : null;
    }
}
