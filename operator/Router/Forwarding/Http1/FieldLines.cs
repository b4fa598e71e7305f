using System.Buffers;

namespace ModelOperator.Router.Forwarding.Http1;

/// <summary>
/// The field lines of a head or of trailers, one after the other (RFC 9112 section 5). Stricter than readers have to be:
/// no folded lines, no space before the colon, no lines that end in something other than CR LF.
/// </summary>
/// <param name="lines">Lines, each with its end.</param>
internal ref struct FieldLines(ReadOnlySpan<byte> lines)
{
    private static readonly SearchValues<byte> TokenBytes =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    private static readonly SearchValues<byte> NeverInValues = SearchValues.Create("\r\n\0"u8);

    private ReadOnlySpan<byte> _left = lines;

    /// <summary>The name of the line at hand, as it was written.</summary>
    public ReadOnlySpan<byte> Name { get; private set; }

    /// <summary>Its value, without the space around it.</summary>
    public ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>Whether text is a token (RFC 9110 section 5.6.2).</summary>
    public static bool IsToken(ReadOnlySpan<byte> text) => !text.IsEmpty && !text.ContainsAnyExcept(TokenBytes);

    /// <summary>Goes to the next line.</summary>
    /// <exception cref="MalformedAnswerException">It is none.</exception>
    public bool MoveNext()
    {
        if (_left.IsEmpty)
        {
            return false;
        }
        var end = _left.IndexOf("\r\n"u8);
        if (end < 0)
        {
            throw new MalformedAnswerException("a header line has no end");
        }
        var line = _left[..end];
        _left = _left[(end + 2)..];
        var colon = line.IndexOf((byte)':');
        if (colon < 0 || !IsToken(line[..colon]))
        {
            throw new MalformedAnswerException("a header line has no name");
        }
        Name = line[..colon];
        Value = line[(colon + 1)..].Trim(" \t"u8);
        return Value.ContainsAny(NeverInValues) ? throw new MalformedAnswerException("a header's value has a line break or a null byte") : true;
    }
}
