using System.Net;
using System.Net.Sockets;

namespace ModelOperator.TestSupport.Faults;

/// <summary>One connection through a <see cref="FaultyLink"/>.</summary>
internal sealed class RelayedConnection(FaultyLink link, Socket client, long? cutAfter) : IDisposable
{
    private readonly Socket _server = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public async Task RunAsync(IPEndPoint target)
    {
        try
        {
            await _server.ConnectAsync(target);
            await Task.WhenAny(PumpAsync(client, _server, limit: null), PumpAsync(_server, client, cutAfter));
        }
        catch (Exception broken) when (broken is SocketException or ObjectDisposedException)
        {
            Reset();
        }
    }

    /// <summary>Closes both sides with FIN.</summary>
    public void Dispose()
    {
        client.Dispose();
        _server.Dispose();
    }

    /// <summary>Closes both sides with RST.</summary>
    public void Reset()
    {
        // A close without linger sends RST.
        client.Close(timeout: 0);
        _server.Close(timeout: 0);
    }

    private async Task PumpAsync(Socket from, Socket to, long? limit)
    {
        var buffer = new byte[16 * 1024];
        var left = limit ?? long.MaxValue;
        try
        {
            while (await from.ReceiveAsync(buffer) is var count and > 0)
            {
                await link.WhileFrozenAsync();
                var passing = (int)Math.Min(count, left);
                await to.SendAsync(buffer.AsMemory(0, passing));
                left -= passing;
                if (left == 0)
                {
                    // FIN and not RST, which would discard what was sent before it.
                    to.Shutdown(SocketShutdown.Send);
                    return;
                }
            }
        }
        catch (Exception broken) when (broken is SocketException or ObjectDisposedException)
        {
            Reset();
        }
    }
}
