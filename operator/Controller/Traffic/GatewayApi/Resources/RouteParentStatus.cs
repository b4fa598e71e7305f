using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Controller.Traffic.GatewayApi.Resources;

/// <summary>What one controller makes of a route at one Gateway.</summary>
internal sealed class RouteParentStatus
{
    public ParentReference ParentRef { get; set; } = new();

    public string ControllerName { get; set; } = "";

    public IList<V1Condition>? Conditions { get; set; }
}
