using System.Net.Http.Headers;
using System.Text.Json;

namespace ModelOperator.Demo.Traffic;

/// <summary>A caller of the model, through the router. Retries nothing: what it counts is what callers would see.</summary>
internal sealed class ModelClient : IDisposable
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private readonly HttpClient _http;
    private readonly TimeProvider _time;
    private readonly Uri _infer;

    /// <param name="router">Address of the router.</param>
    /// <param name="namespaceName">Of the ModelDeployment.</param>
    /// <param name="name">Its name.</param>
    /// <param name="time">The clock.</param>
    /// <param name="model">The name that the model is served by; null: the ModelDeployment's.</param>
    public ModelClient(Uri router, string namespaceName, string name, TimeProvider time, string? model = null)
    {
        _time = time;
        _infer = new Uri(router, $"/{namespaceName}/{name}/v2/models/{model ?? name}/infer");
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(30) };
    }

    public async Task<Answer> AskAsync(HeldOutDigits.Digit digit, CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        try
        {
            using var content = new ByteArrayContent(digit.Request) { Headers = { ContentType = Json } };
            using var response = await _http.PostAsync(_infer, content, cancellationToken);
            var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            var failure = response.IsSuccessStatusCode ? null : $"{(int)response.StatusCode} {System.Text.Encoding.UTF8.GetString(body).Trim()}";
            return new Answer(
                started,
                failure is null && LabelOf(body) == digit.Label,
                failure,
                Header(response, "x-model-revision"),
                Header(response, "x-model-digest"),
                _time.GetElapsedTime(started));
        }
        catch (Exception e) when (e is HttpRequestException or JsonException
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return new Answer(started, false, e.Message, null, null, _time.GetElapsedTime(started));
        }
    }

    public void Dispose() => _http.Dispose();

    private static long LabelOf(byte[] body)
    {
        using var document = JsonDocument.Parse(body);
        foreach (var output in document.RootElement.GetProperty("outputs").EnumerateArray())
        {
            if (output.GetProperty("name").ValueEquals("label"))
            {
                return output.GetProperty("data")[0].GetInt64();
            }
        }

        throw new JsonException("the answer has no output named label");
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values.First() : null;
}
