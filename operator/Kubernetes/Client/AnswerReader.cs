using System.Net;
using System.Text;
using System.Text.Json;
using ModelOperator.Kubernetes.Models;
using ModelOperator.Kubernetes.Serialization;

namespace ModelOperator.Kubernetes.Client;

/// <summary>Reads answers. What cannot be understood is told with the request that met it.</summary>
internal static class AnswerReader
{
    private const int MaxErrorBytes = 64 * 1024;
    private const int QuotedBytes = 200;

    /// <exception cref="KubernetesException">The body is something else than the type's JSON.</exception>
    /// <exception cref="HttpRequestException">The connection broke.</exception>
    public static async Task<T> ReadAsync<T>(
        ApiRequest request, HttpResponseMessage response, Func<Stream, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        await using var stream = new HeadKeepingStream(await response.Content.ReadAsStreamAsync(cancellationToken), QuotedBytes);
        try
        {
            return await read(stream, cancellationToken);
        }
        catch (JsonException error)
        {
            throw NotUnderstood(request, response, $"the answer is not the JSON of a {typeof(T).Name}: {error.Message}", stream.Head);
        }
    }

    /// <summary>What a refusal says: the server's Status, or whatever a proxy wrote.</summary>
    public static async Task<KubernetesException> ReadRefusalAsync(
        ApiRequest request, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var buffer = new byte[MaxErrorBytes];
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        try
        {
            if (JsonSerializer.Deserialize<V1Status>(buffer.AsSpan(0, length), KubernetesJson.Options) is { Kind: "Status", Message: not null } status)
            {
                return new KubernetesException(response.StatusCode, status);
            }
        }
        catch (JsonException)
        {
            // Proxies and load balancers answer in their own words; what they say is told below.
        }

        return NotUnderstood(request, response, fault: null, buffer.AsMemory(0, Math.Min(length, QuotedBytes)));
    }

    /// <summary>An answer whose JSON makes no sense.</summary>
    public static KubernetesException NotUnderstood(HttpMethod method, string path, string fault) =>
        new(HttpStatusCode.OK, new V1Status { Status = "Failure", Message = $"{method} {path}: {fault}" });

    private static KubernetesException NotUnderstood(
        ApiRequest request, HttpResponseMessage response, string? fault, ReadOnlyMemory<byte> head)
    {
        var code = (int)response.StatusCode;
        var told = $"{request.Method} {request.Path}: HTTP {code} {response.ReasonPhrase}".TrimEnd();
        if (fault is not null)
        {
            told += $": {fault}";
        }

        var quoted = Quote(request, head.Span);
        return new KubernetesException(
            response.StatusCode,
            new V1Status { Status = "Failure", Code = code, Message = quoted.Length == 0 ? told : $"{told}: {quoted}" });
    }

    private static string Quote(ApiRequest request, ReadOnlySpan<byte> head) =>
        request.Path.Contains("/secrets", StringComparison.Ordinal)
            ? "(not quoted: it may be a Secret)"
            : new string([.. Encoding.UTF8.GetString(head).Select(c => char.IsControl(c) ? ' ' : c)]).Trim();
}
