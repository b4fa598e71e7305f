namespace ModelOperator.Controller.Traffic.GatewayApi.Resources;

internal sealed class GatewayStatus
{
    public IList<GatewayAddress>? Addresses { get; set; }
}
