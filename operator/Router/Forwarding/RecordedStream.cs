using System.Buffers;

namespace ModelOperator.Router.Forwarding;

/// <summary>
/// A body that is passed on as it comes and remembered, up to a bound, so that it can be sent again from its start: the
/// messages of a gRPC call may wait for answers to those before them, so nobody can wait for the last.
/// </summary>
internal sealed class RecordedStream(Stream source, int bound) : Stream
{
    private const int FirstBuffer = 4 * 1024;

    private byte[] _record = ArrayPool<byte>.Shared.Rent(FirstBuffer);
    private int _recorded;
    private int _position;

    /// <summary>Whether all that has been read is remembered.</summary>
    public bool IsComplete { get; private set; } = true;

    /// <summary>Whether the caller has sent all of it.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>What is remembered.</summary>
    public ReadOnlySpan<byte> Recorded => _record.AsSpan(0, _recorded);

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Reads from the start again.</summary>
    public void Rewind() => _position = 0;

    /// <summary>Gives the memory back.</summary>
    public void Release()
    {
        ArrayPool<byte>.Shared.Return(_record);
        _record = [];
        (_recorded, _position, IsComplete) = (0, 0, false);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_position < _recorded)
        {
            var count = Math.Min(buffer.Length, _recorded - _position);
            _record.AsMemory(_position, count).CopyTo(buffer);
            _position += count;
            return count;
        }
        if (HasEnded)
        {
            return 0;
        }
        var read = await source.ReadAsync(buffer, cancellationToken);
        HasEnded = read == 0 && !buffer.IsEmpty;
        Record(buffer.Span[..read]);
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("the server reads bodies asynchronously");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private void Record(ReadOnlySpan<byte> read)
    {
        if (!IsComplete || _recorded + read.Length > bound)
        {
            IsComplete = false;
            return;
        }
        if (_recorded + read.Length > _record.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(2 * _record.Length, _recorded + read.Length));
            Recorded.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_record);
            _record = larger;
        }
        read.CopyTo(_record.AsSpan(_recorded));
        _recorded += read.Length;
        _position = _recorded;
    }
}
