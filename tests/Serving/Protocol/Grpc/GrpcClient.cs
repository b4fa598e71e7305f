using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using Google.Protobuf;

namespace ModelOperator.Serving.Tests.Protocol.Grpc;

/// <summary>Calls over HTTP/2 without TLS, with nothing between a test and the wire but frames.</summary>
internal sealed class GrpcClient(Uri server) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { EnableMultipleHttp2Connections = true }) { BaseAddress = server };

    /// <summary>Sends a message, awaits the status, and reads the message that came before it, if one did.</summary>
    public async Task<GrpcReply<T>> CallAsync<T>(
        string method, IMessage request, MessageParser<T> parser, Action<HttpRequestMessage>? change = null, CancellationToken cancellationToken = default)
        where T : IMessage<T> => await SendAsync(method, Frame(request.ToByteArray()), parser, change, cancellationToken);

    public async Task<GrpcReply<T>> SendAsync<T>(
        string method, byte[] body, MessageParser<T> parser, Action<HttpRequestMessage>? change = null, CancellationToken cancellationToken = default)
        where T : IMessage<T>
    {
        using var request = Request(method, body);
        change?.Invoke(request);
        using var response = await _http.SendAsync(request, cancellationToken);
        var answer = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        string? Header(string name) => response.TrailingHeaders.TryGetValues(name, out var values) || response.Headers.TryGetValues(name, out values)
            ? values.Single()
            : null;
        return new GrpcReply<T>(
            response.StatusCode,
            Header("grpc-status") is { } status ? int.Parse(status) : -1,
            Uri.UnescapeDataString(Header("grpc-message") ?? ""),
            answer.Length > 0 && answer[0] == 0 ? parser.ParseFrom(answer.AsSpan(5)) : default,
            response,
            answer);
    }

    /// <summary>Each message of a stream as it comes.</summary>
    public async IAsyncEnumerable<T> StreamAsync<T>(
        string method, IMessage message, MessageParser<T> parser, [EnumeratorCancellation] CancellationToken cancellationToken)
        where T : IMessage<T>
    {
        using var request = Request(method, Frame(message.ToByteArray()));
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var prefix = new byte[5];
        while (await stream.ReadAtLeastAsync(prefix, prefix.Length, throwOnEndOfStream: false, cancellationToken) == prefix.Length)
        {
            var body = new byte[BinaryPrimitives.ReadUInt32BigEndian(prefix.AsSpan(1))];
            await stream.ReadExactlyAsync(body, cancellationToken);
            yield return parser.ParseFrom(body);
        }
    }

    public static byte[] Frame(byte[] message, bool compressed = false)
    {
        var frame = new byte[5 + message.Length];
        frame[0] = compressed ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(1), (uint)message.Length);
        message.CopyTo(frame, 5);
        return frame;
    }

    public void Dispose() => _http.Dispose();

    private static HttpRequestMessage Request(string method, byte[] body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, method)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/grpc") } },
        };
        request.Headers.TE.ParseAdd("trailers");
        return request;
    }
}
