using System.Net;
using System.Net.Sockets;

namespace ModelOperator.Router.Forwarding.Http1;

/// <summary>The connections to one pod that wait for a request. The one that was used last is taken first, so that the rest can go.</summary>
/// <param name="authority">Address and port of the pod.</param>
internal sealed class PodConnections(string authority)
{
    private readonly Lock _changing = new();
    private readonly List<PodConnection> _idle = [];
    private readonly IPEndPoint _pod = IPEndPoint.Parse(authority);

    /// <summary>Address and port of the pod.</summary>
    public string Authority { get; } = authority;

    /// <summary>How many wait.</summary>
    public int Idle
    {
        get
        {
            lock (_changing)
            {
                return _idle.Count;
            }
        }
    }

    /// <summary>Takes a connection that waits; null when there is none.</summary>
    /// <param name="deadline">When the exchange has to have come further, as a timestamp.</param>
    public PodConnection? TryTake(long deadline)
    {
        while (true)
        {
            PodConnection connection;
            lock (_changing)
            {
                if (_idle.Count == 0)
                {
                    return null;
                }
                connection = _idle[^1];
                _idle.RemoveAt(_idle.Count - 1);
            }
            if (connection.TryTake(deadline))
            {
                return connection;
            }
        }
    }

    /// <summary>Opens a connection.</summary>
    /// <param name="timeout">A pod that was just deleted may swallow packets instead of refusing them.</param>
    /// <param name="deadline">When the exchange has to have come further, as a timestamp.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SocketException">The pod cannot be reached, or not within the timeout.</exception>
    /// <exception cref="OperationCanceledException">It was given up.</exception>
    public async ValueTask<PodConnection> ConnectAsync(TimeSpan timeout, long deadline, TimeProvider time, CancellationToken cancellationToken)
    {
        var socket = new Socket(_pod.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        try
        {
            await socket.ConnectAsync(_pod, limit.Token);
            return new PodConnection(socket, this, time, deadline);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            socket.Dispose();
            throw new SocketException((int)SocketError.TimedOut);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Closes those that wait.</summary>
    public void CloseIdle()
    {
        PodConnection[] waiting;
        lock (_changing)
        {
            waiting = [.. _idle];
        }
        Array.ForEach(waiting, connection => connection.Leave());
    }

    /// <summary>Keeps a connection for the next request, if it has not been closed meanwhile.</summary>
    internal void Keep(PodConnection connection)
    {
        lock (_changing)
        {
            if (connection.IsIdle)
            {
                _idle.Add(connection);
            }
        }
    }

    /// <summary>Forgets a connection that was closed while it waited.</summary>
    internal void Forget(PodConnection connection)
    {
        lock (_changing)
        {
            _idle.Remove(connection);
        }
    }
}
