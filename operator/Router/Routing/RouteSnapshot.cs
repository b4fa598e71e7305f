using ModelOperator.Api.Conventions;
using ModelOperator.Api.ModelRoutes;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Router.Routing;

/// <summary>The routes of one moment with the pods behind them: all that a router has to know to serve.</summary>
/// <param name="Routes">ModelRoutes: names, generation and spec.</param>
/// <param name="Slices">The EndpointSlices of their services: addresses, conditions and ports.</param>
internal sealed record RouteSnapshot(IReadOnlyList<V1Alpha1ModelRoute> Routes, IReadOnlyList<V1EndpointSlice> Slices)
{
    /// <summary>Takes what matters of the objects.</summary>
    public static RouteSnapshot Of(IEnumerable<V1Alpha1ModelRoute> routes, IEnumerable<V1EndpointSlice> slices) => new(
        [.. routes.Select(route => new V1Alpha1ModelRoute { Metadata = Named(route.Metadata), Spec = route.Spec })],
        [.. slices.Select(Slim)]);

    /// <summary>Builds the routes.</summary>
    public IEnumerable<ModelRoute> Build()
    {
        var slices = Slices.ToLookup(slice => Key(slice.Metadata, slice.Metadata.Labels?[LabelNames.ServiceName]));
        return Routes.Select(route => ModelRouteBuilder.Build(route, service => [.. slices[Key(route.Metadata, service)]], null));
    }

    private static (string?, string?) Key(V1ObjectMeta owner, string? service) => (owner.NamespaceProperty, service);

    private static V1ObjectMeta Named(V1ObjectMeta metadata) => new()
    {
        NamespaceProperty = metadata.NamespaceProperty,
        Name = metadata.Name,
        Generation = metadata.Generation,
    };

    private static V1EndpointSlice Slim(V1EndpointSlice slice)
    {
        var metadata = Named(slice.Metadata);
        metadata.Labels = new Dictionary<string, string> { [LabelNames.ServiceName] = slice.Metadata.Labels![LabelNames.ServiceName] };
        return new V1EndpointSlice
        {
            Metadata = metadata,
            AddressType = slice.AddressType,
            Endpoints = [.. slice.Endpoints.Select(endpoint => new V1Endpoint { Addresses = endpoint.Addresses, Conditions = endpoint.Conditions })],
            Ports = slice.Ports,
        };
    }
}
