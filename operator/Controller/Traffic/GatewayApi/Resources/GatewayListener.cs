namespace ModelOperator.Controller.Traffic.GatewayApi.Resources;

internal sealed class GatewayListener
{
    public string Name { get; set; } = "";

    public string? Hostname { get; set; }

    public int Port { get; set; }

    /// <summary>HTTP, HTTPS, TLS and others.</summary>
    public string Protocol { get; set; } = "";
}
