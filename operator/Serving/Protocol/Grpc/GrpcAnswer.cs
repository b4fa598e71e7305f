using System.Buffers;
using System.Text;
using Google.Protobuf;

namespace ModelOperator.Serving.Protocol.Grpc;

/// <summary>What ends a call, and how a message of an answer is written.</summary>
internal static class GrpcAnswer
{
    /// <summary>Clients take 8 KiB of headers.</summary>
    private const int MaxMessageLength = 1024;

    /// <summary>Writes one message; it is sent when the call ends, or when the caller of this flushes.</summary>
    public static void Write(HttpResponse response, IMessage message, string? encoding)
    {
        Begin(response, encoding);
        if (encoding is null)
        {
            MessageFrame.WritePrefix(response.BodyWriter, false, message.CalculateSize());
            message.WriteTo(response.BodyWriter);
        }
        else
        {
            WriteCompressed(response, message.ToByteArray(), encoding);
        }
    }

    /// <summary>Sets the headers, before the first message.</summary>
    public static void Begin(HttpResponse response, string? encoding)
    {
        if (response.HasStarted)
        {
            return;
        }
        response.ContentType = GrpcHeaders.ContentType;
        if (encoding is not null)
        {
            response.Headers[GrpcHeaders.Encoding] = encoding;
        }
    }

    public static void WriteCompressed(HttpResponse response, ReadOnlySpan<byte> message, string encoding)
    {
        var compressed = GrpcEncoding.Compress(encoding, message);
        MessageFrame.WritePrefix(response.BodyWriter, true, compressed.Length);
        response.BodyWriter.Write(compressed);
    }

    public static void Succeed(HttpResponse response) => response.AppendTrailer(GrpcHeaders.Status, "0");

    /// <summary>Without a message before it, the status is in the headers, which are then all of the answer.</summary>
    public static void Fail(HttpResponse response, GrpcCode code, string message, TimeSpan? retryAfter = null)
    {
        var status = ((int)code).ToString();
        var text = PercentEncoded(message);
        if (response.HasStarted)
        {
            response.AppendTrailer(GrpcHeaders.Status, status);
            response.AppendTrailer(GrpcHeaders.Message, text);
            return;
        }
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = GrpcHeaders.ContentType;
        response.Headers[GrpcHeaders.Status] = status;
        response.Headers[GrpcHeaders.Message] = text;
        if (retryAfter is { } delay)
        {
            response.Headers[GrpcHeaders.RetryPushback] = ((long)Math.Ceiling(delay.TotalMilliseconds)).ToString();
        }
    }

    /// <summary>UTF-8 with all but printable ASCII as <c>%XX</c>, and the sign itself, as gRPC wants it.</summary>
    public static string PercentEncoded(string message)
    {
        var cut = message.Length > MaxMessageLength ? message[..MaxMessageLength] + "..." : message;
        if (!cut.AsSpan().ContainsAnyExceptInRange(' ', '~') && !cut.Contains('%'))
        {
            return cut;
        }
        var encoded = new StringBuilder(cut.Length + 16);
        foreach (var one in Encoding.UTF8.GetBytes(cut))
        {
            if (one is >= (byte)' ' and <= (byte)'~' and not (byte)'%')
            {
                encoded.Append((char)one);
            }
            else
            {
                encoded.Append('%').Append(one.ToString("X2"));
            }
        }
        return encoded.ToString();
    }
}
