namespace ModelOperator.Controller.Traffic.GatewayApi.Resources;

internal sealed class ParentReference
{
    public string? Group { get; set; }

    public string? Kind { get; set; }

    public string? Namespace { get; set; }

    public string Name { get; set; } = "";

    public string? SectionName { get; set; }

    public int? Port { get; set; }

    /// <summary>Whether two references, in objects of one namespace, mean the same listener or Gateway.</summary>
    public bool IsSame(ParentReference other, string? routeNamespace) =>
        (Group ?? GatewayGroup.Name, Kind ?? GatewayGroup.Gateway, Namespace ?? routeNamespace, Name, SectionName, Port)
        == (other.Group ?? GatewayGroup.Name, other.Kind ?? GatewayGroup.Gateway, other.Namespace ?? routeNamespace, other.Name, other.SectionName, other.Port);
}
