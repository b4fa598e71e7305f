using System.Buffers;
using System.Net.Sockets;
using System.Threading.Tasks.Sources;

namespace ModelOperator.Router.Forwarding.Http1;

/// <summary>
/// A connection to a pod, for one exchange at a time. While it waits for the next, a read is under way: a pod that closes
/// the connection, or says what nobody asked, is noticed at once, and the read is the one that the next answer needs
/// anyway. A deadline of its own closes it; a timer fires when it is due and not for every request.
/// </summary>
internal sealed class PodConnection : SocketAsyncEventArgs, IValueTaskSource<int>
{
    // The head of most answers, and all of many; a read that fills it makes room for larger ones.
    private const int FirstBuffer = 8 * 1024;
    private const int LargestRead = 64 * 1024;

    private const int Busy = 0;
    private const int Waiting = 1;
    private const int Leaving = 2;
    private const int Closed = 3;

    private const long NoDeadline = long.MaxValue;
    private const long Missed = long.MinValue;

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(90);

    private readonly Socket _socket;
    private readonly PodConnections _pool;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private ManualResetValueTaskSourceCore<int> _read;
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(FirstBuffer);
    private int _start;
    private int _end;
    private bool _isReadingAhead;
    private int _state = Busy;
    private long _deadline;
    private long _timerAt;
    private volatile bool _hasMissed;

    /// <param name="socket">The connected socket.</param>
    /// <param name="pool">Where it waits.</param>
    /// <param name="time">The clock.</param>
    /// <param name="deadline">That of the exchange it was opened for, as a timestamp.</param>
    public PodConnection(Socket socket, PodConnections pool, TimeProvider time, long deadline)
        : base(true)
    {
        _socket = socket;
        _pool = pool;
        _time = time;
        _timer = time.CreateTimer(static state => ((PodConnection)state!).CheckDeadline(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timerAt = NoDeadline;
        SetDeadline(deadline);
    }

    /// <summary>Whether it has had an exchange before.</summary>
    public bool IsReused { get; private set; }

    /// <summary>Whether it was closed because its deadline has passed.</summary>
    public bool HasMissedDeadline => _hasMissed;

    /// <summary>Whether it waits for an exchange.</summary>
    public bool IsIdle => Volatile.Read(ref _state) == Waiting;

    /// <summary>What was read and has not been taken.</summary>
    public ReadOnlySpan<byte> Unread => _buffer.AsSpan(_start, _end - _start);

    /// <summary>Takes bytes of <see cref="Unread"/>.</summary>
    public void Advance(int count) => _start += count;

    /// <summary>Sends bytes, all of them.</summary>
    /// <exception cref="SocketException">The connection is broken.</exception>
    /// <exception cref="ObjectDisposedException">It was closed.</exception>
    public ValueTask<int> SendAsync(ReadOnlyMemory<byte> bytes) => _socket.SendAsync(bytes, SocketFlags.None);

    /// <summary>Reads more into <see cref="Unread"/>.</summary>
    /// <returns>False when the pod has closed the connection.</returns>
    /// <exception cref="SocketException">The connection is broken.</exception>
    /// <exception cref="ObjectDisposedException">It was closed.</exception>
    public ValueTask<bool> ReadMoreAsync()
    {
        if (!_isReadingAhead)
        {
            MakeRoom();
            SetBuffer(_buffer.AsMemory(_end));
            _read.Reset();
            if (!_socket.ReceiveAsync(this))
            {
                return SocketError == SocketError.Success
                    ? ValueTask.FromResult(Took(BytesTransferred))
                    : ValueTask.FromException<bool>(new SocketException((int)SocketError));
            }
        }
        _isReadingAhead = false;
        return WaitAsync();
    }

    /// <summary>Moves the deadline.</summary>
    /// <param name="deadline">A timestamp; null: none, for as long as it is not the pod that has to act.</param>
    /// <returns>False when the one before has passed: the connection is being closed.</returns>
    public bool SetDeadline(long? deadline)
    {
        var due = deadline ?? NoDeadline;
        if (Interlocked.Exchange(ref _deadline, due) == Missed)
        {
            _hasMissed = true;
            return false;
        }
        if (due < Volatile.Read(ref _timerAt))
        {
            Arm(due);
        }
        return true;
    }

    /// <summary>Takes it for an exchange; false when it was closed.</summary>
    public bool TryTake(long deadline)
    {
        if (Interlocked.CompareExchange(ref _state, Busy, Waiting) != Waiting)
        {
            return false;
        }
        IsReused = true;
        if (SetDeadline(deadline))
        {
            return true;
        }
        Close();
        return false;
    }

    /// <summary>Lets it wait for the next exchange; call when the answer has been read to its end.</summary>
    public void Release()
    {
        if (_start != _end || _isReadingAhead)
        {
            // Bytes that nobody asked for would be taken for the next answer.
            Close();
            return;
        }
        if (_buffer.Length > FirstBuffer)
        {
            Replace(FirstBuffer);
        }
        (_start, _end) = (0, 0);
        if (!SetDeadline(_time.GetTimestamp() + Ticks(LongestWait)))
        {
            Close();
            return;
        }
        _isReadingAhead = true;
        SetBuffer(_buffer);
        _read.Reset();
        Volatile.Write(ref _state, Waiting);
        if (IsReadPending())
        {
            _pool.Keep(this);
        }
        else if (Interlocked.CompareExchange(ref _state, Closed, Waiting) == Waiting)
        {
            Close();
        }
    }

    /// <summary>Closes it, if it waits; the pod sees an orderly end.</summary>
    public bool Leave()
    {
        if (Interlocked.CompareExchange(ref _state, Leaving, Waiting) != Waiting)
        {
            return false;
        }
        _pool.Forget(this);
        try
        {
            // Ends the read that is under way, which closes it.
            _socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            Close();
        }
        return true;
    }

    /// <summary>Closes it; what is under way fails.</summary>
    public void Close()
    {
        Volatile.Write(ref _state, Closed);
        _timer.Dispose();
        _socket.Dispose();
        Dispose();
    }

    int IValueTaskSource<int>.GetResult(short token) => _read.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<int>.GetStatus(short token) => _read.GetStatus(token);

    void IValueTaskSource<int>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _read.OnCompleted(continuation, state, token, flags);

    /// <inheritdoc/>
    protected override void OnCompleted(SocketAsyncEventArgs e)
    {
        if (Interlocked.CompareExchange(ref _state, Closed, Waiting) is Waiting or Leaving)
        {
            _pool.Forget(this);
            Close();
            return;
        }
        if (SocketError == SocketError.Success)
        {
            _read.SetResult(BytesTransferred);
        }
        else
        {
            _read.SetException(new SocketException((int)SocketError));
        }
    }

    private bool IsReadPending()
    {
        try
        {
            return _socket.ReceiveAsync(this);
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
    }

    private async ValueTask<bool> WaitAsync() => Took(await new ValueTask<int>(this, _read.Version));

    private bool Took(int count)
    {
        _end += count;
        return count > 0;
    }

    private void MakeRoom()
    {
        var isFull = _end == _buffer.Length;
        if (_start > 0)
        {
            Unread.CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }
        if (_end == _buffer.Length || (isFull && _buffer.Length < LargestRead))
        {
            Replace(2 * _buffer.Length);
        }
    }

    private void Replace(int size)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(size);
        Unread.CopyTo(buffer);
        ArrayPool<byte>.Shared.Return(_buffer);
        (_buffer, _start, _end) = (buffer, 0, _end - _start);
    }

    private void CheckDeadline()
    {
        var deadline = Volatile.Read(ref _deadline);
        Volatile.Write(ref _timerAt, NoDeadline);
        if (deadline > _time.GetTimestamp() || Interlocked.CompareExchange(ref _deadline, Missed, deadline) != deadline)
        {
            // Until what was armed is not later than what holds: the deadline may be moved meanwhile.
            for (var armed = NoDeadline; Volatile.Read(ref _deadline) is var later && later < armed && later != Missed; armed = later)
            {
                Arm(later);
            }
            return;
        }
        if (!Leave())
        {
            _hasMissed = true;
            Close();
        }
    }

    private void Arm(long at)
    {
        Volatile.Write(ref _timerAt, at);
        var wait = _time.GetElapsedTime(_time.GetTimestamp(), at);
        // Timers count whole milliseconds.
        _timer.Change((wait > TimeSpan.Zero ? wait : TimeSpan.Zero) + TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
    }

    private long Ticks(TimeSpan span) => (long)(span.TotalSeconds * _time.TimestampFrequency);
}
