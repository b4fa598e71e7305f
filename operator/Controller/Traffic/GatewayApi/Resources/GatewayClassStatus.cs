namespace ModelOperator.Controller.Traffic.GatewayApi.Resources;

internal sealed class GatewayClassStatus
{
    public IList<SupportedFeature>? SupportedFeatures { get; set; }
}
