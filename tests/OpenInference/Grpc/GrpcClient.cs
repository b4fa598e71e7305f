using System.Buffers.Binary;
using System.Globalization;
using System.Net.Http.Headers;
using Google.Protobuf;
using ModelOperator.OpenInference.Suite;

namespace ModelOperator.OpenInference.Grpc;

/// <summary>Unary gRPC over HTTP/2 without TLS, down to the bytes, so that a case can send wrong ones.</summary>
internal sealed class GrpcClient(Uri server) : IDisposable
{
    private const string Service = "/inference.GRPCInferenceService/";
    private const int FrameHead = 5;

    private readonly HttpClient _http = new() { BaseAddress = server };

    public Task<GrpcAnswer<T>> CallAsync<T>(string method, IMessage request, MessageParser<T> parser, CancellationToken cancellationToken)
        where T : class, IMessage<T> => CallAsync(method, Framed(request.ToByteArray()), parser, cancellationToken);

    /// <param name="method">The call's name.</param>
    /// <param name="body">Everything that is sent, framing included.</param>
    /// <param name="parser">Reads the answer.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task<GrpcAnswer<T>> CallAsync<T>(string method, byte[] body, MessageParser<T> parser, CancellationToken cancellationToken)
        where T : class, IMessage<T>
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Service + method)
        {
            Version = new Version(2, 0),
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(body) { Headers = { ContentType = new("application/grpc") } },
        };
        request.Headers.TE.Add(new("trailers"));
        using var response = await _http.SendAsync(request, cancellationToken);
        var answer = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        Expect.Equal((int)response.StatusCode, 200, "the HTTP status of a gRPC answer");
        // A call that failed may have its status in the headers.
        var status = Find(response.TrailingHeaders, "grpc-status") ?? Find(response.Headers, "grpc-status")
            ?? throw new NonConformanceException("the answer has no grpc-status");
        return new GrpcAnswer<T>(
            int.Parse(status, CultureInfo.InvariantCulture),
            Find(response.TrailingHeaders, "grpc-message") ?? Find(response.Headers, "grpc-message"),
            answer.Length == 0 ? null : Parse(answer, parser));
    }

    public static byte[] Framed(byte[] message)
    {
        var frame = new byte[FrameHead + message.Length];
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(1), (uint)message.Length);
        message.CopyTo(frame, FrameHead);
        return frame;
    }

    public void Dispose() => _http.Dispose();

    private static T Parse<T>(byte[] frame, MessageParser<T> parser)
        where T : class, IMessage<T>
    {
        Expect.True(
            frame.Length >= FrameHead && frame[0] == 0 && BinaryPrimitives.ReadUInt32BigEndian(frame.AsSpan(1)) == frame.Length - FrameHead,
            $"the answer of {frame.Length} bytes is not one uncompressed message");
        try
        {
            return parser.ParseFrom(frame.AsSpan(FrameHead));
        }
        catch (InvalidProtocolBufferException failure)
        {
            throw new NonConformanceException($"the answer is no {typeof(T).Name}: {failure.Message}");
        }
    }

    private static string? Find(HttpHeaders headers, string name) => headers.TryGetValues(name, out var values) ? values.First() : null;
}
