namespace ModelOperator.Controller.Traffic.GatewayApi.Resources;

internal sealed class HttpRouteSpec
{
    /// <summary>The Gateways that take the route in.</summary>
    public IList<ParentReference> ParentRefs { get; set; } = [];

    /// <summary>The hosts it is for; null: those of the Gateway's listeners.</summary>
    public IList<string>? Hostnames { get; set; }

    /// <summary>The more particular match wins, whatever the order.</summary>
    public IList<HttpRouteRule> Rules { get; set; } = [];
}
