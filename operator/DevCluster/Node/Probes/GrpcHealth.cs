using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;
using Google.Protobuf;

namespace ModelOperator.DevCluster.Node.Probes;

/// <summary>Asks <c>grpc.health.v1.Health/Check</c>, the one call that gRPC probes make, over HTTP/2 without TLS.</summary>
internal static class GrpcHealth
{
    private const int PrefixBytes = 5;
    private const uint ServiceTag = (1 << 3) | 2;
    private const uint StatusTag = 1 << 3;
    private const int Serving = 1;

    public static async Task<ProbeOutcome> CheckAsync(HttpClient client, DnsEndPoint endPoint, string service, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://{endPoint.Host}:{endPoint.Port}/grpc.health.v1.Health/Check")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(Frame(service)) { Headers = { ContentType = new MediaTypeHeaderValue("application/grpc") } },
        };
        request.Headers.TE.ParseAdd("trailers");
        using var response = await client.SendAsync(request, cancellationToken);
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        var code = Header(response.TrailingHeaders) ?? Header(response.Headers);
        if (code is not "0")
        {
            return new ProbeOutcome(false, $"gRPC health check ended with code {code ?? "none"}, HTTP {(int)response.StatusCode}");
        }

        var status = StatusOf(body);
        return status == Serving
            ? new ProbeOutcome(true)
            : new ProbeOutcome(false, $"service unhealthy (responded with \"{(status == 2 ? "NOT_SERVING" : $"{status}")}\")");
    }

    private static byte[] Frame(string service)
    {
        using var message = new MemoryStream();
        using (var writer = new CodedOutputStream(message, leaveOpen: true))
        {
            if (service.Length > 0)
            {
                writer.WriteTag(ServiceTag);
                writer.WriteString(service);
            }
        }

        // Not compressed, then the length.
        var frame = new byte[PrefixBytes + message.Length];
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(1), (uint)message.Length);
        message.ToArray().CopyTo(frame, PrefixBytes);
        return frame;
    }

    private static int StatusOf(byte[] body)
    {
        if (body.Length < PrefixBytes)
        {
            return 0;
        }

        var reader = new CodedInputStream(body, PrefixBytes, body.Length - PrefixBytes);
        while (reader.ReadTag() is var tag and not 0)
        {
            if (tag == StatusTag)
            {
                return reader.ReadEnum();
            }

            reader.SkipLastField();
        }

        return 0;
    }

    private static string? Header(HttpResponseHeaders headers) => headers.TryGetValues("grpc-status", out var values) ? values.First() : null;
}
