namespace ModelOperator.Controller.Traffic.GatewayApi.Resources;

internal sealed class GatewaySpec
{
    public string GatewayClassName { get; set; } = "";

    public IList<GatewayListener> Listeners { get; set; } = [];
}
