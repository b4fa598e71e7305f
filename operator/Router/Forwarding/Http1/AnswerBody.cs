namespace ModelOperator.Router.Forwarding.Http1;

/// <summary>Finds the content and the end of an answer's body in the bytes that come. No I/O: any split of the bytes gives the same.</summary>
internal struct AnswerBody
{
    private readonly bool _endsWithConnection;
    private readonly ChunkedDecoder? _chunks;
    private long _left;

    private AnswerBody(long left, bool endsWithConnection, ChunkedDecoder? chunks)
    {
        _left = left;
        _endsWithConnection = endsWithConnection;
        _chunks = chunks;
    }

    /// <summary>Whether all of it has been read; false until the connection is closed where that is the end.</summary>
    public readonly bool IsComplete => _chunks is { } chunks ? chunks.IsDone : !_endsWithConnection && _left == 0;

    /// <summary>Whether the close of the connection ends it well.</summary>
    public readonly bool EndsWithConnection => _endsWithConnection;

    /// <summary>How many of the next bytes are content for certain, and nothing else.</summary>
    public readonly long PlainBytes => _chunks is null ? _left : 0;

    /// <summary>The trailers of a chunked body, as field lines.</summary>
    public readonly ReadOnlySpan<byte> Trailers => _chunks is { } chunks ? chunks.Trailers : default;

    public static AnswerBody OfLength(long length) => new(length, false, null);

    public static AnswerBody UntilClose() => new(long.MaxValue, true, null);

    public static AnswerBody Chunked() => new(0, false, new ChunkedDecoder());

    /// <summary>Takes bytes in.</summary>
    /// <param name="input">The next bytes of the connection.</param>
    /// <param name="content">The content among them; a part of the input.</param>
    /// <returns>How many bytes were taken; at least one, unless the body is complete or there is no input.</returns>
    /// <exception cref="MalformedAnswerException">The chunks are none.</exception>
    public int Read(ReadOnlySpan<byte> input, out ReadOnlySpan<byte> content)
    {
        if (_chunks is not null)
        {
            return _chunks.Read(input, out content);
        }
        content = input[..(int)Math.Min(input.Length, _left)];
        Took(content.Length);
        return content.Length;
    }

    /// <summary>Counts content that was read past this object; at most <see cref="PlainBytes"/>.</summary>
    public void Took(long count) => _left -= _endsWithConnection ? 0 : count;
}
