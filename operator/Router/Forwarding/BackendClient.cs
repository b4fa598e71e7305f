using System.Net;
using System.Net.Sockets;

namespace ModelOperator.Router.Forwarding;

/// <summary>The connections to pods.</summary>
internal static class BackendClient
{
    /// <summary>Makes a client that adds nothing of its own to a request and follows nothing.</summary>
    /// <param name="connectTimeout">A pod that was just deleted may swallow packets instead of refusing them.</param>
    public static HttpMessageInvoker Create(TimeSpan connectTimeout) => new(new SocketsHttpHandler
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        EnableMultipleHttp2Connections = true,
        // traceparent passes through unchanged: the router adds no span.
        ActivityHeadersPropagator = null,
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(90),
        ConnectCallback = (context, cancellationToken) => ConnectAsync(context.DnsEndPoint, connectTimeout, cancellationToken),
    });

    // Not SocketsHttpHandler.ConnectTimeout: that one reports a cancellation, which looks like a slow answer.
    private static async ValueTask<Stream> ConnectAsync(DnsEndPoint pod, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        try
        {
            await socket.ConnectAsync(pod, limit.Token);
            return new NetworkStream(socket, ownsSocket: true);
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
}
