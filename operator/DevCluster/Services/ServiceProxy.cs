using System.Collections.Immutable;
using System.Net;
using ModelOperator.Kubernetes.Informers;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.DevCluster.Services;

/// <summary>
/// What kube-proxy is on a real node: listens on the cluster address of every Service and passes each
/// connection on to one of its ready pods.
/// </summary>
internal sealed partial class ServiceProxy(IInformer<V1Service> services, IInformer<V1EndpointSlice> slices, ILogger<ServiceProxy> logger)
{
    private readonly Dictionary<ServiceAddress, ServiceListener> _listeners = [];
    private readonly HashSet<ServiceAddress> _refused = [];
    private readonly Lock _lock = new();
    private bool _stopped;

    /// <summary>Follows the informers, which the caller runs, until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await Task.WhenAll(services.WaitForSyncAsync(cancellationToken), slices.WaitForSyncAsync(cancellationToken));
        Sync();
        var stopped = new TaskCompletionSource();
        await using (cancellationToken.Register(stopped.SetResult))
        {
            await stopped.Task;
        }

        lock (_lock)
        {
            _stopped = true;
            foreach (var listener in _listeners.Values)
            {
                listener.Dispose();
            }

            _listeners.Clear();
        }
    }

    /// <summary>Subscribes to changes; call before the informers run.</summary>
    public ServiceProxy Follow()
    {
        services.AddHandler(_ => Sync());
        slices.AddHandler(_ => Sync());
        return this;
    }

    private void Sync()
    {
        lock (_lock)
        {
            if (_stopped || !services.HasSynced || !slices.HasSynced)
            {
                return;
            }

            var table = ServiceTable.Build(services.List(), slices.List());
            foreach (var (address, listener) in _listeners.Where(l => !table.ContainsKey(l.Key)).ToList())
            {
                listener.Dispose();
                _listeners.Remove(address);
            }

            foreach (var (address, endpoints) in table)
            {
                Update(address, endpoints);
            }
        }
    }

    private void Update(ServiceAddress address, ImmutableArray<IPEndPoint> endpoints)
    {
        if (_listeners.TryGetValue(address, out var listener))
        {
            listener.Endpoints = endpoints;
            return;
        }

        try
        {
            _listeners[address] = ServiceListener.Start(address, endpoints, logger);
        }
        catch (System.Net.Sockets.SocketException e)
        {
            // Tried again at every change, told once.
            if (_refused.Add(address))
            {
                LogCannotListen(address, e.Message);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "no listener on service address {Address}: {Reason}")]
    private partial void LogCannotListen(ServiceAddress address, string reason);
}
