using ModelOperator.Api.ModelRoutes;
using ModelOperator.Kubernetes.Entities.Attributes;

namespace ModelOperator.Api.ModelDeployments;

/// <summary>How requests reach the model.</summary>
[ValidationRule("self.provider != 'GatewayAPI' || has(self.gatewayRef)", "provider GatewayAPI needs the Gateway that requests come through: give gatewayRef")]
[ValidationRule("self.provider != 'GatewayAPI' || !has(self.stickyBy)", "only provider Router keeps callers on their revision", FieldPath = ".stickyBy")]
[ValidationRule("self.provider != 'GatewayAPI' || !has(self.failover) || !self.failover", "only provider Router answers from stable what fails on the candidate: set it to false or leave it out", FieldPath = ".failover")]
public sealed class TrafficSettings
{
    /// <summary>
    /// What moves the traffic. Router: the product's own routers. GatewayAPI: a Gateway, through an HTTPRoute of the ModelDeployment's name;
    /// it has no failover, keeps no caller on a revision and compares no answers.
    /// </summary>
    [DefaultValue("Router")]
    [EnumValues("Router", "GatewayAPI")]
    public string? Provider { get; set; }

    /// <summary>With provider GatewayAPI, the Gateway.</summary>
    public GatewayReference? GatewayRef { get; set; }

    /// <summary>
    /// With provider GatewayAPI, the hosts whose requests are the model's, all paths of them. Absent: those to the path
    /// /NAMESPACE/NAME/ of any host, which the model sees without these two parts.
    /// </summary>
    [Items(1, 16)]
    [XListType("set")]
    public IList<string>? Hostnames { get; set; }

    /// <summary>Whether a request that fails on the candidate is answered by stable; default true with provider Router, which alone can.</summary>
    public bool? Failover { get; set; }

    /// <summary>Whether and how callers keep their revision during a rollout; with provider Router.</summary>
    public StickyBy? StickyBy { get; set; }
}
