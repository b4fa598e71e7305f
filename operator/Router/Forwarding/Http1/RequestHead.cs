using System.Buffers;
using System.Globalization;
using System.Text;

namespace ModelOperator.Router.Forwarding.Http1;

/// <summary>
/// A request as it is sent to a pod: the head, and as much of the body as lies beside it. What comes from the caller is
/// looked at once more, whatever the server has let through: a line break in a value would make two requests of one.
/// </summary>
internal struct RequestHead : IDisposable
{
    // A body up to this is sent with the head, in one write.
    private const int SmallBody = 16 * 1024;
    private const int FirstBuffer = 4 * 1024;

    private static readonly SearchValues<byte> NeverInValues = SearchValues.Create("\r\n\0"u8);

    private byte[] _buffer;
    private int _length;

    private RequestHead(int capacity) => _buffer = ArrayPool<byte>.Shared.Rent(capacity);

    /// <summary>What is sent first.</summary>
    public readonly ReadOnlyMemory<byte> Bytes => _buffer.AsMemory(0, _length);

    /// <summary>How much of the body is part of it.</summary>
    public int BodyBytes { get; private set; }

    /// <summary>Writes a request.</summary>
    /// <param name="request">The caller's; its headers are those that the pod may see.</param>
    /// <param name="target">Path and query, as the caller wrote them.</param>
    /// <param name="host">Address and port of the pod.</param>
    /// <param name="body">The body.</param>
    /// <exception cref="FormatException">Something in it cannot be sent; the message says what.</exception>
    public static RequestHead Write(HttpRequest request, ReadOnlySpan<char> target, string host, ReadOnlyMemory<byte> body)
    {
        var head = new RequestHead(FirstBuffer + (body.Length <= SmallBody ? body.Length : 0));
        try
        {
            head.Lines(request, target, host, body.Length);
            if (body.Length <= SmallBody)
            {
                head.Append(body.Span);
                head.BodyBytes = body.Length;
            }
            return head;
        }
        catch
        {
            head.Dispose();
            throw;
        }
    }

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        _length = 0;
    }

    private void Lines(HttpRequest request, ReadOnlySpan<char> target, string host, int bodyLength)
    {
        if (!FieldLines.IsToken(Append(request.Method)))
        {
            throw new FormatException("the method is no token");
        }
        Append(" "u8);
        if (target.IsEmpty || target[0] != '/')
        {
            Append("/"u8);
        }
        if (Append(target).ContainsAnyExceptInRange((byte)0x21, (byte)0x7e))
        {
            throw new FormatException("the target has characters that a target cannot have");
        }
        Append(" HTTP/1.1\r\nHost: "u8);
        Append(host);
        foreach (var (name, values) in request.Headers)
        {
            if (EndToEndHeaders.IsSent(name))
            {
                for (var i = 0; i < values.Count; i++)
                {
                    Field(name, values[i]);
                }
            }
        }
        if (bodyLength > 0 || HttpMethods.IsPost(request.Method) || HttpMethods.IsPut(request.Method) || HttpMethods.IsPatch(request.Method))
        {
            Append("\r\nContent-Length: "u8);
            bodyLength.TryFormat(Room(11), out var written, provider: CultureInfo.InvariantCulture);
            _length += written;
        }
        Append("\r\n\r\n"u8);
    }

    private void Field(string name, string? value)
    {
        Append("\r\n"u8);
        if (!FieldLines.IsToken(Append(name)))
        {
            throw new FormatException("a header's name is no token");
        }
        Append(": "u8);
        if (Append(value).ContainsAny(NeverInValues))
        {
            throw new FormatException($"the value of {name} has a line break or a null byte");
        }
    }

    // The server reads headers as UTF-8: these are the caller's bytes again.
    private ReadOnlySpan<byte> Append(ReadOnlySpan<char> text)
    {
        var start = _length;
        _length += Encoding.UTF8.GetBytes(text, Room(3 * text.Length));
        return _buffer.AsSpan(start, _length - start);
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Room(bytes.Length));
        _length += bytes.Length;
    }

    private Span<byte> Room(int count)
    {
        if (_buffer.Length - _length < count)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(2 * _buffer.Length, _length + count));
            _buffer.AsSpan(0, _length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }
        return _buffer.AsSpan(_length);
    }
}
