using ModelOperator.Api.Conventions;
using ModelOperator.Api.ModelRoutes;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Informers;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Router.Routing;

/// <summary>
/// Keeps the routes as the API has them: ModelRoutes and EndpointSlices, nothing else. Every event rebuilds the routes
/// it touches from the informers' stores, so that the order in which the two kinds arrive does not matter. While the
/// API is away the last known routes stay.
/// </summary>
internal sealed partial class RouteFollower : BackgroundService, IRouteSource
{
    private const string ByService = "service";

    private readonly IInformer<V1Alpha1ModelRoute> _routes;
    private readonly IInformer<V1EndpointSlice> _slices;
    private readonly RouteStore _store;
    private readonly ILogger<RouteFollower> _logger;

    public RouteFollower(
        IInformer<V1Alpha1ModelRoute> routes, IInformer<V1EndpointSlice> slices, RouteStore store, ILogger<RouteFollower> logger)
    {
        _routes = routes;
        _slices = slices;
        _store = store;
        _logger = logger;
        routes.AddIndex(ByService, route => route.Spec.Backends.Select(backend => ServiceKey(route.Metadata, backend.Service)).Distinct());
        slices.AddIndex(ByService, slice => ServiceOf(slice) is { } service ? [ServiceKey(slice.Metadata, service)] : []);
        routes.AddHandler(OnRoute);
        slices.AddHandler(OnSlice);
    }

    /// <inheritdoc/>
    public bool HasSynced => _routes.HasSynced && _slices.HasSynced;

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(_routes.RunAsync(stoppingToken), _slices.RunAsync(stoppingToken));

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

    private void Refresh(string namespaceName, string name) =>
        _store.Change(ModelRouteBuilder.KeyOf(namespaceName, name), previous =>
            _routes.Get(name, namespaceName) is { } resource
                ? ModelRouteBuilder.Build(resource, service => _slices.ByIndex(ByService, ServiceKey(resource.Metadata, service)), previous)
                : null);

    private static string? ServiceOf(V1EndpointSlice slice) =>
        slice.Metadata.Labels?.TryGetValue(LabelNames.ServiceName, out var service) == true ? service : null;

    private static string ServiceKey(V1ObjectMeta owner, string service) => $"{owner.NamespaceProperty}/{service}";

    [LoggerMessage(Level = LogLevel.Information, Message = "Route {Namespace}/{Name} generation {Generation}: {Split}")]
    private partial void LogRoute(string? @namespace, string? name, long generation, string split);

    [LoggerMessage(Level = LogLevel.Information, Message = "Route {Namespace}/{Name} is gone")]
    private partial void LogRouteGone(string? @namespace, string? name);
}
