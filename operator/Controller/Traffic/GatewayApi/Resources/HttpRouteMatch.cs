namespace ModelOperator.Controller.Traffic.GatewayApi.Resources;

internal sealed class HttpRouteMatch
{
    public HttpPathMatch? Path { get; set; }

    /// <summary>All of them have to fit.</summary>
    public IList<HttpHeaderMatch>? Headers { get; set; }
}
