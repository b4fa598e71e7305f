using ModelOperator.Router.Routing;

namespace ModelOperator.Router.Hosting;

/// <summary>Tells which version of a route new requests follow: the operator believes a weight only when every router serves it.</summary>
internal static class RouteEndpoints
{
    /// <summary>Maps <c>GET /routes/{namespace}/{name}</c>: <c>{"generation": 7}</c>, or 404.</summary>
    public static void MapRoutes(this IEndpointRouteBuilder endpoints)
    {
        var routes = endpoints.ServiceProvider.GetRequiredService<RouteStore>();
        endpoints.MapGet("/routes/{namespace}/{name}", context =>
        {
            var key = ModelRouteBuilder.KeyOf($"{context.GetRouteValue("namespace")}", $"{context.GetRouteValue("name")}");
            if (!routes.Current.TryFind(key, out var route))
            {
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return Task.CompletedTask;
            }
            context.Response.ContentType = "application/json";
            return context.Response.WriteAsync($$"""{"generation":{{route.Generation}}}""", context.RequestAborted);
        });
    }
}
