using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using ModelOperator.Kubernetes.Models;
using ModelOperator.Kubernetes.Serialization;

namespace ModelOperator.Kubernetes.Client;

/// <summary>
/// A client for kinds that are only known at run time: the caller says the path, everything else is as with
/// <see cref="KubernetesClient"/>.
/// </summary>
public sealed class PathClient(KubernetesClientConfiguration configuration, TimeProvider? timeProvider = null) : IDisposable
{
    private readonly KubernetesTransport _transport = new(configuration, timeProvider ?? TimeProvider.System, NullLogger.Instance, metrics: null);

    /// <summary>Sends a request and reads the JSON of the answer.</summary>
    /// <param name="method">A PATCH is a JSON merge patch.</param>
    /// <param name="pathAndQuery">For example <c>/apis/apps/v1/deployments?limit=500</c>.</param>
    /// <param name="body">What is sent, or null.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="KubernetesException">The server refused.</exception>
    public Task<T> SendAsync<T>(HttpMethod method, string pathAndQuery, JsonNode? body = null, CancellationToken cancellationToken = default) =>
        _transport.SendAsync<T>(method, pathAndQuery, body is null ? null : BodyOf(method, body), cancellationToken);

    /// <summary>Sends a GET for an answer of another form than a kind's JSON, such as a table.</summary>
    /// <param name="pathAndQuery">For example <c>/apis/apps/v1/deployments?limit=500</c>.</param>
    /// <param name="accept">The media types that the answer may have.</param>
    /// <param name="read">Reads the answer; throws <see cref="JsonException"/> for what it cannot read.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="KubernetesException">The server refused.</exception>
    public Task<T> ReadAsync<T>(
        string pathAndQuery, string accept, Func<Stream, CancellationToken, Task<T>> read, CancellationToken cancellationToken = default) =>
        _transport.ReadAsync(pathAndQuery, accept, read, cancellationToken);

    /// <summary>Sends a GET whose answer may go on for as long as it likes, such as the log of a pod.</summary>
    /// <exception cref="KubernetesException">The server refused.</exception>
    public async Task<HttpContentStream> OpenAsync(string pathAndQuery, CancellationToken cancellationToken = default) =>
        await HttpContentStream.OfAsync(await _transport.OpenStreamAsync(pathAndQuery, "*/*", cancellationToken), cancellationToken);

    /// <summary>Follows a watch, whose path has <c>watch=true</c>, until the server or the caller ends it.</summary>
    public async IAsyncEnumerable<WatchEvent<T>> WatchAsync<T>(
        string pathAndQuery, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        using var response = await _transport.OpenStreamAsync(pathAndQuery, KubernetesTransport.Json, cancellationToken);
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        await foreach (var change in WatchStreamReader.ReadAsync<T>(stream, onInvalid: null, cancellationToken))
        {
            yield return change;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _transport.Dispose();

    private static RequestBody BodyOf(HttpMethod method, JsonNode body) => new(
        method == HttpMethod.Patch ? "application/merge-patch+json" : "application/json",
        JsonSerializer.SerializeToUtf8Bytes(body, KubernetesJson.Options));
}
