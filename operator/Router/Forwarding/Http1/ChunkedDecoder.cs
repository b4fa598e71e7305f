using System.Buffers;

namespace ModelOperator.Router.Forwarding.Http1;

/// <summary>Reads a body in chunks (RFC 9112 section 7.1). What another reader could take for another end is refused.</summary>
internal sealed class ChunkedDecoder
{
    // What precedes a chunk, and all trailers together, in bytes.
    private const int MaxLine = 4 * 1024;
    private const int MaxTrailers = 16 * 1024;

    // A size of fifteen digits is beyond every answer and within a long.
    private const int MaxDigits = 15;

    private readonly ArrayBufferWriter<byte> _trailers = new();
    private Part _part = Part.Size;
    private long _left;
    private int _digits;
    private int _line;

    private enum Part
    {
        Size,
        Extension,
        SizeLineFeed,
        Data,
        DataReturn,
        DataLineFeed,
        TrailerStart,
        Trailer,
        TrailerLineFeed,
        LastLineFeed,
        Done,
    }

    public bool IsDone => _part == Part.Done;

    /// <summary>The trailers, as field lines.</summary>
    public ReadOnlySpan<byte> Trailers => _trailers.WrittenSpan;

    /// <summary>Reads up to the end of a piece of content, or of the input.</summary>
    /// <param name="input">The next bytes.</param>
    /// <param name="content">The content among them, if there is any.</param>
    /// <returns>How many bytes were taken.</returns>
    /// <exception cref="MalformedAnswerException">They are no chunks.</exception>
    public int Read(ReadOnlySpan<byte> input, out ReadOnlySpan<byte> content)
    {
        content = default;
        var taken = 0;
        while (taken < input.Length && _part != Part.Done)
        {
            if (_part == Part.Data)
            {
                content = input.Slice(taken, (int)Math.Min(input.Length - taken, _left));
                _left -= content.Length;
                _part = _left == 0 ? Part.DataReturn : Part.Data;
                return taken + content.Length;
            }
            _part = Next(input[taken++]);
        }
        return taken;
    }

    private Part Next(byte next) => (_part, next) switch
    {
        (Part.Size, (byte)'\r') when _digits > 0 => Part.SizeLineFeed,
        (Part.Size, (byte)';' or (byte)' ' or (byte)'\t') when _digits > 0 => Bounded(Part.Extension, ref _line, MaxLine),
        (Part.Size, _) when HexDigit(next) is >= 0 and var digit && _digits < MaxDigits => Digit(digit),
        (Part.Extension, (byte)'\r') => Part.SizeLineFeed,
        (Part.Extension, not ((byte)'\n' or 0)) => Bounded(Part.Extension, ref _line, MaxLine),
        (Part.SizeLineFeed, (byte)'\n') => SizeEnds(),
        (Part.DataReturn, (byte)'\r') => Part.DataLineFeed,
        (Part.DataLineFeed, (byte)'\n') => Part.Size,
        (Part.TrailerStart, (byte)'\r') => Part.LastLineFeed,
        (Part.TrailerStart or Part.Trailer, (byte)'\r') => Keep(next, Part.TrailerLineFeed),
        (Part.TrailerStart or Part.Trailer, not ((byte)'\n' or 0)) => Keep(next, Part.Trailer),
        (Part.TrailerLineFeed, (byte)'\n') => Keep(next, Part.TrailerStart),
        (Part.LastLineFeed, (byte)'\n') => Part.Done,
        _ => throw new MalformedAnswerException("the body's chunks are malformed"),
    };

    private Part Digit(int digit)
    {
        _left = (_left << 4) | (uint)digit;
        _digits++;
        return Part.Size;
    }

    private Part SizeEnds()
    {
        (_digits, _line) = (0, 0);
        return _left == 0 ? Part.TrailerStart : Part.Data;
    }

    private Part Keep(byte next, Part part)
    {
        _trailers.Write([next]);
        return _trailers.WrittenCount <= MaxTrailers ? part : throw new MalformedAnswerException($"the trailers have more than {MaxTrailers} bytes");
    }

    private static Part Bounded(Part part, ref int count, int most) =>
        ++count <= most ? part : throw new MalformedAnswerException($"a chunk's extensions have more than {most} bytes");

    private static int HexDigit(byte text) => text switch
    {
        >= (byte)'0' and <= (byte)'9' => text - '0',
        >= (byte)'a' and <= (byte)'f' => text - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => text - 'A' + 10,
        _ => -1,
    };
}
