using System.Diagnostics.CodeAnalysis;

namespace ModelOperator.Router.Routing;

/// <summary>All routes, as of one moment. Immutable: a request that looks twice sees the same.</summary>
internal sealed class RouteTable
{
    private readonly Dictionary<string, ModelRoute> _routes;
    private readonly Dictionary<string, ModelRoute>.AlternateLookup<ReadOnlySpan<char>> _lookup;

    private RouteTable(Dictionary<string, ModelRoute> routes)
    {
        _routes = routes;
        _lookup = routes.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public static RouteTable Empty { get; } = new(new Dictionary<string, ModelRoute>(StringComparer.Ordinal));

    public IReadOnlyCollection<ModelRoute> Routes => _routes.Values;

    /// <summary>Finds a route by <c>namespace/name</c>.</summary>
    public bool TryFind(ReadOnlySpan<char> key, [NotNullWhen(true)] out ModelRoute? route) => _lookup.TryGetValue(key, out route);

    /// <summary>The table with this route added or replaced.</summary>
    public RouteTable With(ModelRoute route) => new(new Dictionary<string, ModelRoute>(_routes, StringComparer.Ordinal) { [route.Key] = route });

    /// <summary>The table without a route.</summary>
    public RouteTable Without(string key)
    {
        if (!_routes.ContainsKey(key))
        {
            return this;
        }
        var routes = new Dictionary<string, ModelRoute>(_routes, StringComparer.Ordinal);
        routes.Remove(key);
        return new RouteTable(routes);
    }
}
