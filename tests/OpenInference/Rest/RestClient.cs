using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace ModelOperator.OpenInference.Rest;

/// <summary>Speaks the REST form of the protocol, well or badly as a case wants it.</summary>
internal sealed class RestClient(Uri server) : IDisposable
{
    public const string JsonLengthHeader = "Inference-Header-Content-Length";

    private readonly HttpClient _http = new() { BaseAddress = new Uri(server.AbsoluteUri.TrimEnd('/') + "/") };

    public Task<RestAnswer> GetAsync(string path, CancellationToken cancellationToken) => SendAsync(HttpMethod.Get, path, null, cancellationToken);

    public Task<RestAnswer> PostAsync(string path, JsonNode body, CancellationToken cancellationToken) =>
        PostAsync(path, Encoding.UTF8.GetBytes(body.ToJsonString()), cancellationToken);

    public Task<RestAnswer> PostAsync(string path, byte[] body, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, path, Content(body, "application/json"), cancellationToken);

    /// <param name="path">Where.</param>
    /// <param name="json">The JSON part.</param>
    /// <param name="raw">What follows it.</param>
    /// <param name="jsonLength">The header's value; null: the true one.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public Task<RestAnswer> PostBinaryAsync(string path, JsonNode? json, byte[] raw, string? jsonLength, CancellationToken cancellationToken)
    {
        var text = json is null ? [] : Encoding.UTF8.GetBytes(json.ToJsonString());
        var content = Content([.. text, .. raw], "application/octet-stream");
        content.Headers.TryAddWithoutValidation(JsonLengthHeader, jsonLength ?? $"{text.Length}");
        return SendAsync(HttpMethod.Post, path, content, cancellationToken);
    }

    public async Task<RestAnswer> SendAsync(HttpMethod method, string path, HttpContent? content, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        using var response = await _http.SendAsync(request, cancellationToken);
        return new RestAnswer(
            (int)response.StatusCode,
            response.Content.Headers.ContentType?.MediaType,
            Header(response.Headers, JsonLengthHeader) ?? Header(response.Content.Headers, JsonLengthHeader),
            await response.Content.ReadAsByteArrayAsync(cancellationToken));
    }

    public void Dispose() => _http.Dispose();

    private static string? Header(HttpHeaders headers, string name) => headers.TryGetValues(name, out var values) ? values.First() : null;

    private static ByteArrayContent Content(byte[] body, string type) => new(body) { Headers = { ContentType = new(type) } };
}
