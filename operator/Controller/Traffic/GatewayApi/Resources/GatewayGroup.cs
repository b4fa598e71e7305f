namespace ModelOperator.Controller.Traffic.GatewayApi.Resources;

/// <summary>The API group of the Gateway API and the kinds of it that objects name.</summary>
internal static class GatewayGroup
{
    public const string Name = "gateway.networking.k8s.io";

    public const string Version = "v1";

    public const string Gateway = "Gateway";
}
