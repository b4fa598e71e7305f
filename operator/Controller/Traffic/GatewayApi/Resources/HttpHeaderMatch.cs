namespace ModelOperator.Controller.Traffic.GatewayApi.Resources;

internal sealed class HttpHeaderMatch
{
    /// <summary>Exact or RegularExpression, as in a ModelDeployment's steps.</summary>
    public string Type { get; set; } = "Exact";

    public string Name { get; set; } = "";

    public string Value { get; set; } = "";
}
