namespace ModelOperator.Controller.Traffic.GatewayApi.Resources;

internal sealed class HttpRouteStatus
{
    public IList<RouteParentStatus>? Parents { get; set; }
}
