using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;

namespace ModelOperator.DevCluster.Services;

/// <summary>The listener of one cluster address.</summary>
internal sealed partial class ServiceListener : IDisposable
{
    private readonly TcpListener _listener;
    private readonly ServiceAddress _address;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private uint _next;

    private ServiceListener(ServiceAddress address, ImmutableArray<IPEndPoint> endpoints, ILogger logger)
    {
        _address = address;
        _logger = logger;
        _listener = new TcpListener(address.ClusterIP, address.Port);
        Endpoints = endpoints;
    }

    /// <summary>The pods that new connections go to, in turn.</summary>
    public ImmutableArray<IPEndPoint> Endpoints { get; set; }

    /// <exception cref="SocketException">The address cannot be bound.</exception>
    public static ServiceListener Start(ServiceAddress address, ImmutableArray<IPEndPoint> endpoints, ILogger logger)
    {
        var listener = new ServiceListener(address, endpoints, logger);
        listener._listener.Start();
        _ = listener.AcceptAsync();
        return listener;
    }

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var stop = _stop.Token;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                _ = PassOnAsync(await _listener.AcceptTcpClientAsync(stop), stop);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException e)
            {
                LogAcceptFailed(_address, e.Message);
            }
        }
    }

    private async Task PassOnAsync(TcpClient caller, CancellationToken stop)
    {
        using (caller)
        {
            var endpoints = Endpoints;
            if (endpoints.IsEmpty)
            {
                return;
            }

            var endpoint = endpoints[(int)(Interlocked.Increment(ref _next) % (uint)endpoints.Length)];
            using var pod = new TcpClient(AddressFamily.InterNetwork) { NoDelay = true };
            caller.NoDelay = true;
            try
            {
                await pod.ConnectAsync(endpoint, stop);
                var there = CopyAsync(caller, pod, stop);
                var back = CopyAsync(pod, caller, stop);
                await Task.WhenAll(there, back);
            }
            catch (Exception e) when (e is SocketException or IOException or OperationCanceledException)
            {
                LogConnectionEnded(_address, endpoint, e.Message);
            }
        }
    }

    private static async Task CopyAsync(TcpClient from, TcpClient to, CancellationToken stop)
    {
        await from.GetStream().CopyToAsync(to.GetStream(), stop);
        to.Client.Shutdown(SocketShutdown.Send);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "service address {Address} could not accept a connection: {Reason}")]
    private partial void LogAcceptFailed(ServiceAddress address, string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "connection to {Address} at {Endpoint} ended: {Reason}")]
    private partial void LogConnectionEnded(ServiceAddress address, IPEndPoint endpoint, string reason);
}
