using System.Net;
using System.Net.Sockets;

namespace ModelOperator.TestSupport.Faults;

/// <summary>
/// A TCP relay before any server, for what goes wrong below HTTP: connections reset, frozen (half-open), cut after a
/// number of bytes or slowed down. It looks at no byte, so TLS and HTTP/2 pass.
/// </summary>
public sealed class FaultyLink : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly IPEndPoint _target;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly HashSet<RelayedConnection> _open = [];
    private readonly Queue<long> _cuts = new();
    private readonly Task _accepting;
    private TaskCompletionSource? _frozen;
    private bool _refuses;
    private int _accepted;

    private FaultyLink(IPEndPoint target)
    {
        _target = target;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Where clients connect.</summary>
    public IPEndPoint Address => (IPEndPoint)_listener.LocalEndpoint;

    /// <summary>How many connections have come.</summary>
    public int Accepted => Volatile.Read(ref _accepted);

    /// <summary>How many connections are open.</summary>
    public int Open
    {
        get
        {
            lock (_gate)
            {
                return _open.Count;
            }
        }
    }

    /// <summary>Starts relaying to a server on the loopback address.</summary>
    public static FaultyLink StartTo(Uri server) => new(new IPEndPoint(IPAddress.Loopback, server.Port));

    /// <summary>The address of a server as it is reached over this link.</summary>
    public Uri Via(Uri server) => new UriBuilder(server) { Host = Address.Address.ToString(), Port = Address.Port }.Uri;

    /// <summary>Sends RST on every open connection.</summary>
    public void Reset()
    {
        lock (_gate)
        {
            foreach (var connection in _open)
            {
                connection.Reset();
            }
        }
    }

    /// <summary>No byte moves any more, and nobody is told: the peer is half-open.</summary>
    public void Freeze()
    {
        lock (_gate)
        {
            _frozen ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>Bytes move again.</summary>
    public void Thaw()
    {
        lock (_gate)
        {
            _frozen?.SetResult();
            _frozen = null;
        }
    }

    /// <summary>Whether new connections are reset at once.</summary>
    public void Refuse(bool refuses)
    {
        lock (_gate)
        {
            _refuses = refuses;
        }
    }

    /// <summary>Ends the next new connection once this many bytes have come from the server.</summary>
    public void CutNextAfter(long bytes)
    {
        lock (_gate)
        {
            _cuts.Enqueue(bytes);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        Thaw();
        Reset();
        await _accepting;
        _stop.Dispose();
    }

    internal Task WhileFrozenAsync()
    {
        lock (_gate)
        {
            return _frozen?.Task ?? Task.CompletedTask;
        }
    }

    private async Task AcceptAsync()
    {
        var relays = new List<Task>();
        try
        {
            while (true)
            {
                var client = await _listener.AcceptSocketAsync(_stop.Token);
                Interlocked.Increment(ref _accepted);
                relays.RemoveAll(relay => relay.IsCompleted);
                relays.Add(RelayAsync(client));
            }
        }
        catch (Exception stop) when (stop is OperationCanceledException or SocketException && _stop.IsCancellationRequested)
        {
            await Task.WhenAll(relays);
        }
    }

    private async Task RelayAsync(Socket client)
    {
        long? cutAfter;
        RelayedConnection connection;
        lock (_gate)
        {
            cutAfter = _cuts.TryDequeue(out var bytes) ? bytes : null;
            connection = new RelayedConnection(this, client, cutAfter);
            if (_refuses || _stop.IsCancellationRequested)
            {
                connection.Reset();
            }

            _open.Add(connection);
        }

        using (connection)
        {
            await connection.RunAsync(_target);
        }

        lock (_gate)
        {
            _open.Remove(connection);
        }
    }
}
