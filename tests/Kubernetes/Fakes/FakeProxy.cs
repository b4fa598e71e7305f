using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ModelOperator.Kubernetes.Tests.Fakes;

/// <summary>A proxy for one connection. It takes every name for the loopback address.</summary>
internal sealed class FakeProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly TaskCompletionSource<string> _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _serving;

    private FakeProxy(Func<FakeProxy, NetworkStream, Task<int?>> handshake)
    {
        _listener.Start();
        _serving = ServeAsync(handshake);
    }

    /// <summary>What the client asked for.</summary>
    public Task<string> Asked => _asked.Task;

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>An HTTP proxy that wants to know its user; <see cref="Asked"/> is the request with the user in it.</summary>
    public static FakeProxy StartHttp() => new(static (proxy, stream) => proxy.ConnectAsync(stream));

    /// <summary>A SOCKS 5 proxy; <see cref="Asked"/> is name and port.</summary>
    public static FakeProxy StartSocks5() => new(static (proxy, stream) => proxy.SocksAsync(stream));

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _serving;
    }

    private static async Task RelayAsync(NetworkStream client, int port)
    {
        using var server = new TcpClient();
        await server.ConnectAsync(IPAddress.Loopback, port);
        await Task.WhenAny(client.CopyToAsync(server.GetStream()), server.GetStream().CopyToAsync(client));
    }

    private async Task ServeAsync(Func<FakeProxy, NetworkStream, Task<int?>> handshake)
    {
        try
        {
            for (int? port = null; port is null;)
            {
                using var client = await _listener.AcceptTcpClientAsync();
                var stream = client.GetStream();
                port = await handshake(this, stream);
                if (port is not null)
                {
                    await RelayAsync(stream, port.Value);
                }
            }
        }
        catch (Exception stopped) when (stopped is SocketException or ObjectDisposedException or IOException)
        {
            _asked.TrySetException(stopped);
        }
    }

    private async Task<int?> ConnectAsync(NetworkStream stream)
    {
        var head = "";
        while (!head.EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            head += (char)stream.ReadByte();
        }

        if (!head.Contains("Proxy-Authorization", StringComparison.Ordinal))
        {
            await stream.WriteAsync("HTTP/1.1 407 Who are you\r\nProxy-Authenticate: Basic realm=x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray());
            return null;
        }

        _asked.TrySetResult(head);
        await stream.WriteAsync("HTTP/1.1 200 OK\r\n\r\n"u8.ToArray());
        return int.Parse(head.Split(' ')[1].Split(':')[1]);
    }

    private async Task<int?> SocksAsync(NetworkStream stream)
    {
        var greeting = new byte[2];
        await stream.ReadExactlyAsync(greeting);
        await stream.ReadExactlyAsync(new byte[greeting[1]]);
        await stream.WriteAsync(new byte[] { 5, 0 });
        var request = new byte[5];
        await stream.ReadExactlyAsync(request);
        var name = new byte[request[4] + 2];
        await stream.ReadExactlyAsync(name);
        var port = (name[^2] << 8) | name[^1];
        _asked.TrySetResult($"{Encoding.ASCII.GetString(name[..^2])}:{port}");
        await stream.WriteAsync(new byte[] { 5, 0, 0, 1, 127, 0, 0, 1, 0, 0 });
        return port;
    }
}
