using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ModelOperator.EndToEnd.Tests.Chaos;

/// <summary>Connections that are open and say nothing. Every tenth has asked something before, as a caller with a pool has.</summary>
internal sealed class IdleConnections : IDisposable
{
    private const int AtATime = 64;
    private const int Talkers = 10;

    // A source has 28,000 ports for one destination.
    private static readonly IPAddress[] Sources = [.. Enumerable.Range(2, 4).Select(i => new IPAddress([127, 0, 0, (byte)i]))];

    private readonly Socket[] _sockets;

    private IdleConnections(Socket[] sockets) => _sockets = sockets;

    /// <summary>How many are still open, by the other side's word.</summary>
    public int Open => _sockets.Count(socket => !(socket.Poll(0, SelectMode.SelectRead) && socket.Available == 0));

    /// <summary>Opens them.</summary>
    /// <param name="server">Where.</param>
    /// <param name="path">What is asked on some.</param>
    /// <param name="count">How many.</param>
    public static async Task<IdleConnections> OpenAsync(IPEndPoint server, string path, int count)
    {
        var sockets = new Socket[count];
        var request = Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: r\r\n\r\n");
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = AtATime }, async (i, _) =>
        {
            var socket = sockets[i] = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(Sources[i % Sources.Length], 0));
            await socket.ConnectAsync(server, CancellationToken.None);
            if (i % Talkers == 0)
            {
                await AskAsync(socket, request);
            }
        });
        return new IdleConnections(sockets);
    }

    public void Dispose()
    {
        foreach (var socket in _sockets)
        {
            socket.Dispose();
        }
    }

    private static async Task AskAsync(Socket socket, byte[] request)
    {
        await socket.SendAsync(request);
        var head = new byte[4096];
        var read = await socket.ReceiveAsync(head);
        if (!head.AsSpan(0, read).StartsWith("HTTP/1.1 200 "u8))
        {
            throw new InvalidOperationException($"answered with {Encoding.ASCII.GetString(head, 0, read)}");
        }
    }
}
