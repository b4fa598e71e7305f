namespace ModelOperator.Controller.Traffic.GatewayApi.Resources;

internal sealed class HttpPathMatch
{
    public const string Prefix = "PathPrefix";

    public string Type { get; set; } = Prefix;

    public string Value { get; set; } = "/";
}
