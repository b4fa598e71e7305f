using System.Buffers;
using System.IO.Compression;
using System.IO.Pipelines;
using ModelOperator.Serving.Protocol.V2;

namespace ModelOperator.Serving.Protocol.Grpc;

/// <summary>How messages of a call may be compressed.</summary>
internal static class GrpcEncoding
{
    public const string Supported = "identity,gzip,deflate";

    private const int FirstRent = 16 * 1024;

    public static bool IsKnown(string encoding) => encoding is "identity" or "gzip" or "deflate";

    /// <returns>A rented array, and how much of it is the message.</returns>
    /// <exception cref="ProtocolException">It is not compressed as said, or becomes too large.</exception>
    public static (byte[] Buffer, int Length) Decompress(string encoding, ReadOnlySequence<byte> compressed, int maxBytes)
    {
        if (compressed.IsEmpty)
        {
            throw Invalid(encoding);
        }
        using var source = PipeReader.Create(compressed).AsStream();
        using Stream stream = encoding == "gzip" ? new GZipStream(source, CompressionMode.Decompress) : new ZLibStream(source, CompressionMode.Decompress);
        var buffer = ArrayPool<byte>.Shared.Rent(FirstRent);
        var length = 0;
        try
        {
            while (stream.Read(buffer, length, buffer.Length - length) is var read and > 0)
            {
                length += read;
                if (length > maxBytes)
                {
                    throw ProtocolException.TooLarge(maxBytes);
                }
                if (length == buffer.Length)
                {
                    buffer = Grow(buffer);
                }
            }
            return (buffer, length);
        }
        catch (Exception failure)
        {
            ArrayPool<byte>.Shared.Return(buffer);
            throw failure is InvalidDataException ? Invalid(encoding) : failure;
        }
    }

    public static byte[] Compress(string encoding, ReadOnlySpan<byte> message)
    {
        using var target = new MemoryStream();
        using (Stream stream = encoding == "gzip"
            ? new GZipStream(target, CompressionLevel.Fastest)
            : new ZLibStream(target, CompressionLevel.Fastest))
        {
            stream.Write(message);
        }
        return target.ToArray();
    }

    private static ProtocolException Invalid(string encoding) =>
        ProtocolException.Invalid($"the message is not compressed with {encoding}, as it says");

    private static byte[] Grow(byte[] buffer)
    {
        var larger = ArrayPool<byte>.Shared.Rent(checked(buffer.Length * 2));
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }
}
