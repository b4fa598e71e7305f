using System.Buffers;

namespace ModelOperator.Serving.Protocol.V2;

/// <summary>A request's whole body in pooled memory.</summary>
internal sealed class RequestBody : IDisposable
{
    private const int FirstRent = 16 * 1024;

    private byte[]? _buffer;

    private RequestBody(byte[] buffer, int length)
    {
        _buffer = buffer;
        Length = length;
    }

    public int Length { get; }

    public ReadOnlyMemory<byte> Bytes => _buffer.AsMemory(0, Length);

    /// <exception cref="ProtocolException">It is too long or cannot be decompressed.</exception>
    public static async ValueTask<RequestBody> ReadAsync(HttpRequest request, int maxBytes, CancellationToken cancellationToken)
    {
        // What could be decompressed has been, and the header with it.
        if (request.Headers.ContentEncoding.ToString() is { Length: > 0 } encoding && !encoding.Equals("identity", StringComparison.OrdinalIgnoreCase))
        {
            throw new ProtocolException(
                StatusCodes.Status415UnsupportedMediaType, $"Content-Encoding \"{Shown.Of(encoding)}\" is not supported; gzip, deflate and br are");
        }
        if (request.ContentLength > maxBytes)
        {
            throw ProtocolException.TooLarge(maxBytes);
        }
        // One more than the declared length, so that the end shows without growing; it is a hint only, as the body
        // may have been compressed.
        var buffer = ArrayPool<byte>.Shared.Rent((int)(request.ContentLength + 1 ?? FirstRent));
        var length = 0;
        try
        {
            while (await request.Body.ReadAsync(buffer.AsMemory(length), cancellationToken) is var read and > 0)
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
            return new RequestBody(buffer, length);
        }
        catch (Exception failure)
        {
            ArrayPool<byte>.Shared.Return(buffer);
            throw failure switch
            {
                BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => ProtocolException.TooLarge(maxBytes),
                BadHttpRequestException bad => new ProtocolException(bad.StatusCode, bad.Message),
                // The second is Brotli's.
                InvalidDataException or InvalidOperationException => ProtocolException.Invalid("the request body is not compressed as its Content-Encoding says"),
                _ => failure,
            };
        }
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _buffer, null) is { } buffer)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static byte[] Grow(byte[] buffer)
    {
        var larger = ArrayPool<byte>.Shared.Rent(checked(buffer.Length * 2));
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }
}
