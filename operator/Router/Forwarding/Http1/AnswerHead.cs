using System.Buffers.Text;
using System.Text;

namespace ModelOperator.Router.Forwarding.Http1;

/// <summary>What the head of a pod's answer says about the bytes that follow it.</summary>
/// <param name="Status">The status code, 100 to 999.</param>
/// <param name="Length">The head's length in bytes, with the empty line that ends it.</param>
/// <param name="Reason">Where the reason phrase stands.</param>
/// <param name="Fields">Where the field lines stand.</param>
/// <param name="ContentLength">The body's announced length.</param>
/// <param name="IsChunked">Whether the body comes in chunks.</param>
/// <param name="KeepsAlive">Whether the pod takes another request on this connection, as far as the head says.</param>
internal readonly record struct AnswerHead(
    int Status, int Length, Range Reason, Range Fields, long? ContentLength, bool IsChunked, bool KeepsAlive)
{
    /// <summary>The longest head that is taken, in bytes.</summary>
    public const int MaxLength = 64 * 1024;

    // "HTTP/1.1 200"
    private const int StatusEnd = 12;

    /// <summary>Whether another head follows, the real one.</summary>
    public bool IsInterim => Status < 200;

    /// <summary>How the body ends (RFC 9112 section 6.3).</summary>
    /// <param name="isHead">Whether the request was a HEAD.</param>
    public AnswerBody Body(bool isHead) =>
        isHead || Status is StatusCodes.Status204NoContent or StatusCodes.Status304NotModified ? AnswerBody.OfLength(0)
        : IsChunked ? AnswerBody.Chunked()
        : ContentLength is { } length ? AnswerBody.OfLength(length)
        : AnswerBody.UntilClose();

    /// <summary>Reads a head.</summary>
    /// <param name="bytes">What has come so far.</param>
    /// <param name="head">The head.</param>
    /// <returns>False when it is not here in full yet.</returns>
    /// <exception cref="MalformedAnswerException">It is no head, or an ambiguous one.</exception>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out AnswerHead head)
    {
        head = default;
        var end = bytes.IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            return bytes.Length <= MaxLength ? false : throw new MalformedAnswerException($"the head has more than {MaxLength} bytes");
        }
        var lineEnd = bytes.IndexOf("\r\n"u8);
        var (isOld, status) = StatusLine(bytes[..lineEnd]);
        head = new AnswerHead(
            status,
            end + 4,
            Math.Min(StatusEnd + 1, lineEnd)..lineEnd,
            (lineEnd + 2)..(end + 2),
            ContentLength: null,
            IsChunked: false,
            KeepsAlive: !isOld);
        var lines = new FieldLines(bytes[head.Fields]);
        while (lines.MoveNext())
        {
            head = head.With(lines.Name, lines.Value);
        }
        return head is { IsChunked: true, ContentLength: not null } || (head.IsChunked && isOld)
            ? throw new MalformedAnswerException("both a length and a transfer coding say where the body ends")
            : true;
    }

    private AnswerHead With(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (Ascii.EqualsIgnoreCase(name, "Content-Length"u8))
        {
            if (value.IsEmpty || value.ContainsAnyExceptInRange((byte)'0', (byte)'9') || !Utf8Parser.TryParse(value, out long length, out _)
                || (ContentLength is { } other && other != length))
            {
                throw new MalformedAnswerException("the content length is no number, or there are several");
            }
            return this with { ContentLength = length };
        }
        if (Ascii.EqualsIgnoreCase(name, "Transfer-Encoding"u8))
        {
            // Twice chunked is something else than once chunked.
            return !IsChunked && Ascii.EqualsIgnoreCase(value, "chunked"u8)
                ? this with { IsChunked = true }
                : throw new MalformedAnswerException("the transfer coding is not chunked");
        }
        if (Ascii.EqualsIgnoreCase(name, "Connection"u8))
        {
            foreach (var range in value.Split((byte)','))
            {
                if (Ascii.EqualsIgnoreCase(value[range].Trim(" \t"u8), "close"u8))
                {
                    return this with { KeepsAlive = false };
                }
            }
        }
        return this;
    }

    private static (bool IsOld, int Status) StatusLine(ReadOnlySpan<byte> line)
    {
        var isOld = line.StartsWith("HTTP/1.0 "u8);
        if ((!isOld && !line.StartsWith("HTTP/1.1 "u8))
            || line.Length < StatusEnd || line[9] is < (byte)'1' or > (byte)'9' || line[10..StatusEnd].ContainsAnyExceptInRange((byte)'0', (byte)'9')
            || (line.Length > StatusEnd && line[StatusEnd] != ' ')
            || line.ContainsAny((byte)'\r', (byte)'\n', (byte)0))
        {
            throw new MalformedAnswerException("the answer does not begin with a status line of HTTP/1.1");
        }
        return (isOld, (100 * (line[9] - '0')) + (10 * (line[10] - '0')) + line[11] - '0');
    }
}
