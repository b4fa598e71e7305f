using System.Buffers;

namespace ModelOperator.Controller.Analysis.Prometheus;

/// <summary>The body of an answer, in memory that is given back: answers about many revisions are megabytes, four times a minute.</summary>
internal sealed class PooledBody : IDisposable
{
    private const int Least = 16 * 1024;

    private byte[] _buffer;
    private int _length;

    private PooledBody(int size) => _buffer = ArrayPool<byte>.Shared.Rent(size);

    public ReadOnlyMemory<byte> Bytes => _buffer.AsMemory(0, _length);

    /// <summary>Reads a body to its end; null when it is larger than allowed.</summary>
    public static async Task<PooledBody?> ReadAsync(HttpContent content, int largest, CancellationToken ct)
    {
        if (content.Headers.ContentLength > largest)
        {
            return null;
        }

        var body = new PooledBody((int?)content.Headers.ContentLength + 1 ?? Least);
        try
        {
            await using var stream = await content.ReadAsStreamAsync(ct);
            while (await stream.ReadAsync(body._buffer.AsMemory(body._length), ct) is > 0 and var read)
            {
                body._length += read;
                if (body._length > largest)
                {
                    body.Dispose();
                    return null;
                }

                body.GrowIfFull();
            }

            return body;
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        var buffer = Interlocked.Exchange(ref _buffer, []);
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void GrowIfFull()
    {
        if (_length == _buffer.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(2 * _length);
            _buffer.AsSpan(0, _length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }
    }
}
