namespace ModelOperator.Controller.Traffic.GatewayApi.Resources;

internal sealed class GatewayAddress
{
    /// <summary>IPAddress, Hostname or an implementation's own.</summary>
    public string? Type { get; set; }

    public string Value { get; set; } = "";
}
