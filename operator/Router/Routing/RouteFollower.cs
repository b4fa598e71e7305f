using System.Threading.Channels;
using ModelOperator.Api.Conventions;
using ModelOperator.Api.ModelRoutes;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Informers;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Router.Routing;

/// <summary>
/// Keeps the routes as the API has them: ModelRoutes and EndpointSlices, nothing else. Every event rebuilds the routes
/// it touches from the informers' stores, so that the order in which the two kinds arrive does not matter. While the
/// API is away the last known routes stay; at the start they come from the snapshot, and hold until both kinds have been
/// read: half of what is known would route to nobody.
/// </summary>
internal sealed partial class RouteFollower : BackgroundService, IRouteSource
{
    private const string ByService = "service";

    // Many changes come at once, and a snapshot that is a little old routes as well.
    private static readonly TimeSpan SnapshotDelay = TimeSpan.FromSeconds(1);

    private readonly IInformer<V1Alpha1ModelRoute> _routes;
    private readonly IInformer<V1EndpointSlice> _slices;
    private readonly RouteStore _store;
    private readonly SnapshotFile? _file;
    private readonly TimeProvider _time;
    private readonly ILogger<RouteFollower> _logger;
    private readonly Channel<bool> _changed = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private volatile bool _hasSnapshot;
    private volatile bool _hasSynced;

    /// <param name="routes">The ModelRoutes.</param>
    /// <param name="slices">The EndpointSlices.</param>
    /// <param name="store">What is kept.</param>
    /// <param name="file">Where the last known routes are; null: nowhere.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Routes that come, change and go.</param>
    public RouteFollower(
        IInformer<V1Alpha1ModelRoute> routes,
        IInformer<V1EndpointSlice> slices,
        RouteStore store,
        SnapshotFile? file,
        TimeProvider time,
        ILogger<RouteFollower> logger)
    {
        _routes = routes;
        _slices = slices;
        _store = store;
        _file = file;
        _time = time;
        _logger = logger;
        routes.AddIndex(ByService, route => route.Spec.Backends.Select(backend => ServiceKey(route.Metadata, backend.Service)).Distinct());
        slices.AddIndex(ByService, slice => ServiceOf(slice) is { } service ? [ServiceKey(slice.Metadata, service)] : []);
        routes.SetTransform(route => Trim(route.Metadata));
        slices.SetTransform(Trim);
        routes.AddHandler(OnRoute);
        slices.AddHandler(OnSlice);
    }

    /// <summary>Whether the routes are known: from the API, or from the snapshot while the API has not answered.</summary>
    public bool HasSynced => _hasSynced || _hasSnapshot;

    /// <inheritdoc/>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        if (_file?.Read() is { } snapshot)
        {
            foreach (var route in snapshot.Build())
            {
                _store.Change(route.Key, _ => route);
            }
            _hasSnapshot = true;
            LogSnapshot(snapshot.Routes.Count);
        }
        return base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        _routes.RunAsync(stoppingToken), _slices.RunAsync(stoppingToken), TakeOverAsync(stoppingToken), KeepSnapshotAsync(stoppingToken));

    // From here on the API's word holds.
    private async Task TakeOverAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _routes.WaitForSyncAsync(cancellationToken);
            await _slices.WaitForSyncAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return;
        }
        _hasSynced = true;
        foreach (var route in _routes.List())
        {
            Refresh(route.Metadata.NamespaceProperty ?? "", route.Metadata.Name ?? "");
        }
        foreach (var known in _store.Current.Routes)
        {
            Refresh(known.Namespace, known.Name);
        }
        // The first lists of a large cluster leave behind more than routing needs ever after: given back once, before much depends on this router.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    }

    private async Task KeepSnapshotAsync(CancellationToken cancellationToken)
    {
        if (_file is null)
        {
            return;
        }
        try
        {
            while (await _changed.Reader.WaitToReadAsync(cancellationToken))
            {
                await Task.Delay(SnapshotDelay, _time, cancellationToken);
                _changed.Reader.TryRead(out _);
                _file.Write(Snapshot());
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Asked to stop.
        }
    }

    private RouteSnapshot Snapshot()
    {
        var routes = _routes.List();
        var services = routes
            .SelectMany(route => route.Spec.Backends.Select(backend => ServiceKey(route.Metadata, backend.Service)))
            .Distinct();
        return RouteSnapshot.Of(routes, services.SelectMany(service => _slices.ByIndex(ByService, service)));
    }

    private void OnRoute(InformerEvent<V1Alpha1ModelRoute> change)
    {
        var metadata = change.Object.Metadata;
        Refresh(metadata.NamespaceProperty ?? "", metadata.Name ?? "");
        if (change.Type == WatchEventType.Deleted)
        {
            LogRouteGone(metadata.NamespaceProperty, metadata.Name);
        }
        else if (change.Previous?.Metadata.Generation != metadata.Generation)
        {
            LogRoute(
                metadata.NamespaceProperty, metadata.Name, metadata.Generation ?? 0,
                string.Join(", ", change.Object.Spec.Backends.Select(backend => $"{backend.Revision} {backend.Weight}%")));
        }
    }

    private void OnSlice(InformerEvent<V1EndpointSlice> change)
    {
        RefreshUsersOf(change.Object);
        if (change.Previous is { } before && ServiceOf(before) != ServiceOf(change.Object))
        {
            RefreshUsersOf(before);
        }
    }

    private void RefreshUsersOf(V1EndpointSlice slice)
    {
        if (ServiceOf(slice) is not { } service)
        {
            return;
        }
        foreach (var route in _routes.ByIndex(ByService, ServiceKey(slice.Metadata, service)))
        {
            Refresh(route.Metadata.NamespaceProperty ?? "", route.Metadata.Name ?? "");
        }
    }

    private void Refresh(string namespaceName, string name)
    {
        if (!_hasSynced && _hasSnapshot)
        {
            return;
        }
        _store.Change(ModelRouteBuilder.KeyOf(namespaceName, name), previous =>
            _routes.Get(name, namespaceName) is { } resource
                ? ModelRouteBuilder.Build(resource, service => _slices.ByIndex(ByService, ServiceKey(resource.Metadata, service)), previous)
                : null);
        if (_hasSynced)
        {
            _changed.Writer.TryWrite(true);
        }
    }

    // What nobody here asks for is not kept: there is an endpoint for every pod of every model.
    private static void Trim(V1EndpointSlice slice)
    {
        Trim(slice.Metadata);
        slice.Metadata.Labels = ServiceOf(slice) is { } service ? new Dictionary<string, string>(1) { [LabelNames.ServiceName] = service } : null;
        foreach (var endpoint in slice.Endpoints)
        {
            (endpoint.Hostname, endpoint.NodeName, endpoint.Zone, endpoint.TargetRef) = (null, null, null, null);
        }
    }

    private static void Trim(V1ObjectMeta metadata) =>
        (metadata.Annotations, metadata.OwnerReferences, metadata.Finalizers, metadata.GenerateName) = (null, null, null, null);

    private static string? ServiceOf(V1EndpointSlice slice) =>
        slice.Metadata.Labels?.TryGetValue(LabelNames.ServiceName, out var service) == true ? service : null;

    private static string ServiceKey(V1ObjectMeta owner, string service) => $"{owner.NamespaceProperty}/{service}";

    [LoggerMessage(Level = LogLevel.Information, Message = "Serving {Count} routes of the snapshot until the API has told its own")]
    private partial void LogSnapshot(int count);

    [LoggerMessage(Level = LogLevel.Information, Message = "Route {Namespace}/{Name} generation {Generation}: {Split}")]
    private partial void LogRoute(string? @namespace, string? name, long generation, string split);

    [LoggerMessage(Level = LogLevel.Information, Message = "Route {Namespace}/{Name} is gone")]
    private partial void LogRouteGone(string? @namespace, string? name);
}
