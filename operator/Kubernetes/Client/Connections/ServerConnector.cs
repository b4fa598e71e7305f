using System.Net.Security;
using System.Net.Sockets;

namespace ModelOperator.Kubernetes.Client.Connections;

/// <summary>Opens the connections of one generation and can close them all.</summary>
internal sealed class ServerConnector(KubernetesClientConfiguration configuration, TlsMaterial material)
{
    private readonly Lock _gate = new();
    private readonly HashSet<TrackedStream> _open = [];
    private bool _isClosed;

    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        Stream stream;
        try
        {
            // Pings find a dead peer on HTTP/2; on HTTP/1.1 the system has to.
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 30);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 15);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 3);
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
            stream = Track(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        return KubernetesHttpHandler.NamesServerOnConnect(configuration)
            ? await AuthenticateAsync(stream, configuration.TlsServerName!, cancellationToken)
            : stream;
    }

    /// <summary>Closes what is open, requests under way or not.</summary>
    public void Close()
    {
        TrackedStream[] open;
        lock (_gate)
        {
            _isClosed = true;
            open = [.. _open];
        }

        Array.ForEach(open, stream => stream.Socket.Dispose());
    }

    // SocketsHttpHandler ignores SslOptions.TargetHost, and a Host header would also change what proxies route by.
    private async Task<Stream> AuthenticateAsync(Stream stream, string serverName, CancellationToken cancellationToken)
    {
        var tls = new SslStream(stream);
        try
        {
            var options = new SslClientAuthenticationOptions
            {
                TargetHost = serverName,
                ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
            };
            material.ApplyTo(options, configuration.SkipTlsVerify);
            await tls.AuthenticateAsClientAsync(options, cancellationToken);
            return tls;
        }
        catch
        {
            await tls.DisposeAsync();
            throw;
        }
    }

    private TrackedStream Track(Socket socket)
    {
        var stream = new TrackedStream(socket, configuration.LeavesSocketThreads, Forget);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            _open.Add(stream);
        }

        return stream;
    }

    private void Forget(TrackedStream stream)
    {
        lock (_gate)
        {
            _open.Remove(stream);
        }
    }
}
