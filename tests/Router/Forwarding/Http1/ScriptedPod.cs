using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ModelOperator.Router.Tests.Forwarding.Http1;

/// <summary>A pod that writes its bytes itself, so that they may be anything.</summary>
internal sealed class ScriptedPod : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _serving;
    private int _connections;
    private int _closed;

    /// <param name="script">What it does on each connection; the connection ends with it.</param>
    public ScriptedPod(Func<Connection, Task> script)
    {
        _listener.Start();
        _serving = ServeAsync(script);
    }

    public string Address => $"{_listener.LocalEndpoint}";

    /// <summary>Connections that were opened.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Connections whose script has ended.</summary>
    public int Closed => Volatile.Read(ref _closed);

    /// <summary>A pod that answers every request on a connection with the same bytes.</summary>
    public static ScriptedPod Answering(string answer) => new(async connection =>
    {
        while (await connection.ReadRequestAsync() is not null)
        {
            await connection.SendAsync(answer);
        }
    });

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _serving;
        _stop.Dispose();
    }

    private async Task ServeAsync(Func<Connection, Task> script)
    {
        var running = new List<Task>();
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptSocketAsync(_stop.Token);
                Interlocked.Increment(ref _connections);
                running.Add(RunAsync(socket, script));
            }
        }
        catch (Exception stopped) when (stopped is OperationCanceledException or SocketException || _stop.IsCancellationRequested)
        {
            await Task.WhenAll(running);
        }
    }

    private async Task RunAsync(Socket socket, Func<Connection, Task> script)
    {
        using (socket)
        {
            try
            {
                socket.NoDelay = true;
                await script(new Connection(socket, _stop.Token));
            }
            catch (Exception gone) when (gone is SocketException or OperationCanceledException)
            {
                // The router has closed it, or the test is over.
            }
        }
        Interlocked.Increment(ref _closed);
    }

    internal sealed class Connection(Socket socket, CancellationToken stop)
    {
        private readonly StringBuilder _read = new();

        public CancellationToken Stop => stop;

        /// <summary>The next request, body and all; null when the router has closed the connection.</summary>
        public async Task<string?> ReadRequestAsync()
        {
            while (true)
            {
                var text = _read.ToString();
                if (text.IndexOf("\r\n\r\n", StringComparison.Ordinal) is >= 0 and var end)
                {
                    var length = text[..end].Split("Content-Length: ") is [_, var number] ? int.Parse(number.Split("\r\n")[0]) : 0;
                    if (text.Length >= end + 4 + length)
                    {
                        _read.Remove(0, end + 4 + length);
                        return text[..(end + 4 + length)];
                    }
                }
                if (!await ReadAsync())
                {
                    return null;
                }
            }
        }

        /// <summary>The head of the next request; what follows is left to come.</summary>
        public async Task ReadHeadAsync()
        {
            while (!_read.ToString().Contains("\r\n\r\n"))
            {
                await ReadAsync();
            }
        }

        /// <summary>Waits until the router closes the connection.</summary>
        public async Task UntilClosedAsync()
        {
            while (await ReadAsync())
            {
            }
        }

        public async Task SendAsync(string text, int piece = int.MaxValue)
        {
            var bytes = Encoding.Latin1.GetBytes(text);
            for (var sent = 0; sent < bytes.Length; sent += Math.Min(piece, bytes.Length - sent))
            {
                await socket.SendAsync(bytes.AsMemory(sent, Math.Min(piece, bytes.Length - sent)), stop);
            }
        }

        public void Reset() => socket.Close(0);

        private async Task<bool> ReadAsync()
        {
            var buffer = new byte[64 * 1024];
            var count = await socket.ReceiveAsync(buffer, stop);
            _read.Append(Encoding.Latin1.GetString(buffer, 0, count));
            return count > 0;
        }
    }
}
