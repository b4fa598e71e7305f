namespace ModelOperator.Controller.Traffic.GatewayApi.Resources;

internal sealed class GatewayClassSpec
{
    /// <summary>Who carries out its Gateways, as statuses name it.</summary>
    public string ControllerName { get; set; } = "";
}
