namespace ModelOperator.Controller.Traffic.GatewayApi.Resources;

/// <summary>A Service and a port of it, in the route's namespace.</summary>
internal class BackendReference
{
    public string Group { get; set; } = "";

    public string Kind { get; set; } = "Service";

    public string Name { get; set; } = "";

    public string? Namespace { get; set; }

    public int? Port { get; set; }
}
