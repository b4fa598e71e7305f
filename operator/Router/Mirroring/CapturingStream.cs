namespace ModelOperator.Router.Mirroring;

/// <summary>Passes an answer on and keeps a copy of it, up to a bound and as far as the budget goes.</summary>
internal sealed class CapturingStream(Stream caller, int bound, MirrorBudget budget) : Stream
{
    private readonly MemoryStream _copy = new();
    private long _taken;
    private bool _isTooLarge;

    /// <summary>What went through; null when it was more than the bound, or than the budget had left.</summary>
    // A bare null would be taken for an empty array, which is an answer without content.
    public ReadOnlyMemory<byte>? Captured => _isTooLarge ? (ReadOnlyMemory<byte>?)null : _copy.GetBuffer().AsMemory(0, (int)_copy.Length);

    /// <summary>Gives back what was taken of the budget; what was captured is not to be used any more.</summary>
    public void Release()
    {
        budget.Return(_taken);
        _taken = 0;
    }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Keep(buffer.Span);
        return caller.WriteAsync(buffer, cancellationToken);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => caller.FlushAsync(cancellationToken);

    public override void Flush() => throw new NotSupportedException("the server writes answers asynchronously");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("the server writes answers asynchronously");

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private void Keep(ReadOnlySpan<byte> part)
    {
        if (_isTooLarge || _copy.Length + part.Length > bound || !budget.TryTake(part.Length))
        {
            _isTooLarge = true;
            return;
        }
        _taken += part.Length;
        _copy.Write(part);
    }
}
