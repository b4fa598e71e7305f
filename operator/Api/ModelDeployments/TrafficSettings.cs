using ModelOperator.Api.ModelRoutes;
using ModelOperator.Kubernetes.Entities.Attributes;

namespace ModelOperator.Api.ModelDeployments;

/// <summary>How requests reach the model.</summary>
public sealed class TrafficSettings
{
    /// <summary>What moves the traffic.</summary>
    [DefaultValue("Router")]
    [EnumValues("Router")]
    public string? Provider { get; set; }

    /// <summary>Whether a request that fails on the candidate is answered by stable.</summary>
    [DefaultValue(true)]
    public bool? Failover { get; set; }

    /// <summary>Whether and how callers keep their revision during a rollout.</summary>
    public StickyBy? StickyBy { get; set; }
}
