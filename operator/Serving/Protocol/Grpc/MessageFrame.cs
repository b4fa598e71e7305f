using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using ModelOperator.Serving.Protocol.V2;

namespace ModelOperator.Serving.Protocol.Grpc;

/// <summary>
/// The one message of a unary request: a byte that tells whether it is compressed, four of length, the message. It stays
/// in the connection's buffers until this is disposed.
/// </summary>
internal readonly struct MessageFrame : IDisposable
{
    private const int PrefixBytes = 5;

    private readonly PipeReader _pipe;
    private readonly SequencePosition _end;
    private readonly byte[]? _decompressed;

    private MessageFrame(PipeReader pipe, SequencePosition end, ReadOnlySequence<byte> message, string? encoding, byte[]? decompressed)
    {
        _pipe = pipe;
        _end = end;
        _decompressed = decompressed;
        Message = message;
        Encoding = encoding;
    }

    public ReadOnlySequence<byte> Message { get; }

    /// <summary>How it was compressed; null when it was not. An answer is compressed as its request was.</summary>
    public string? Encoding { get; }

    /// <param name="call">The call.</param>
    /// <param name="maxBytes">The longest message, also after decompression.</param>
    /// <exception cref="ProtocolException">There is no whole message, more than one, or one that is too large.</exception>
    public static async ValueTask<MessageFrame> ReadAsync(GrpcCall call, int maxBytes)
    {
        var pipe = call.Http.Request.BodyReader;
        while (true)
        {
            var read = await pipe.ReadAsync(call.Left);
            var buffer = read.Buffer;
            if (buffer.Length >= PrefixBytes)
            {
                var length = Length(buffer, maxBytes);
                if (buffer.Length > PrefixBytes + length)
                {
                    throw ProtocolException.Invalid("more follows the request's message; these calls take one message");
                }
                if (buffer.Length == PrefixBytes + length && read.IsCompleted)
                {
                    return Take(call.Http.Request, pipe, buffer, maxBytes);
                }
            }
            if (read.IsCompleted)
            {
                throw ProtocolException.Invalid(buffer.Length < PrefixBytes
                    ? "the request has no message"
                    : $"the request ends after {buffer.Length - PrefixBytes} of its message's {Length(buffer, maxBytes)} bytes");
            }
            // All of it has been looked at: the sender may go on.
            pipe.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    public static void WritePrefix(IBufferWriter<byte> writer, bool compressed, int length)
    {
        var prefix = writer.GetSpan(PrefixBytes);
        prefix[0] = compressed ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteUInt32BigEndian(prefix[1..], (uint)length);
        writer.Advance(PrefixBytes);
    }

    public void Dispose()
    {
        _pipe.AdvanceTo(_end);
        if (_decompressed is not null)
        {
            ArrayPool<byte>.Shared.Return(_decompressed);
        }
    }

    private static long Length(ReadOnlySequence<byte> buffer, int maxBytes)
    {
        Span<byte> prefix = stackalloc byte[PrefixBytes];
        buffer.Slice(0, PrefixBytes).CopyTo(prefix);
        var length = BinaryPrimitives.ReadUInt32BigEndian(prefix[1..]);
        return length <= maxBytes ? length : throw ProtocolException.TooLarge(maxBytes);
    }

    private static MessageFrame Take(HttpRequest request, PipeReader pipe, ReadOnlySequence<byte> buffer, int maxBytes)
    {
        var message = buffer.Slice(PrefixBytes);
        switch (buffer.FirstSpan[0])
        {
            case 0:
                return new MessageFrame(pipe, buffer.End, message, null, null);
            case 1:
                var encoding = request.Headers[GrpcHeaders.Encoding].ToString();
                if (encoding is "" or "identity")
                {
                    throw ProtocolException.Invalid($"the message is marked as compressed, but {GrpcHeaders.Encoding} does not say how");
                }
                var (decompressed, length) = GrpcEncoding.Decompress(encoding, message, maxBytes);
                return new MessageFrame(pipe, buffer.End, new ReadOnlySequence<byte>(decompressed, 0, length), encoding, decompressed);
            case var flag:
                throw ProtocolException.Invalid($"the message begins with {flag}; it must be 0, or 1 when it is compressed");
        }
    }
}
