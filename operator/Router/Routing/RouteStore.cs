using ModelOperator.Router.Telemetry;

namespace ModelOperator.Router.Routing;

/// <summary>Holds the table that requests are routed by. One writer at a time; readers take no lock.</summary>
internal sealed class RouteStore(RouterMetrics metrics)
{
    private readonly Lock _writing = new();
    private volatile RouteTable _current = RouteTable.Empty;

    public RouteTable Current => _current;

    /// <summary>The version of a route that holds now; the given one when it is gone.</summary>
    public ModelRoute Latest(ModelRoute route) => _current.TryFind(route.Key, out var latest) ? latest : route;

    /// <summary>Replaces one route; new requests follow it when this returns.</summary>
    /// <param name="key">The route's <c>namespace/name</c>.</param>
    /// <param name="build">Makes the new version from the one before; null removes the route.</param>
    public void Change(string key, Func<ModelRoute?, ModelRoute?> build)
    {
        lock (_writing)
        {
            _current.TryFind(key, out var previous);
            if (build(previous) is { } route)
            {
                // Before the first request can be counted: a scrape has to see the zero.
                metrics.CreateSeries(route);
                _current = _current.With(route);
            }
            else
            {
                _current = _current.Without(key);
            }
        }
    }
}
