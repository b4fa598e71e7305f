using ModelOperator.Kubernetes.Entities.Attributes;

namespace ModelOperator.Api.ModelRoutes;

/// <summary>The split of a ModelDeployment's requests.</summary>
public sealed class ModelRouteSpec
{
    /// <summary>The revisions and their shares; the weights add up to 100, or to 0 when nothing can be served.</summary>
    [Required]
    [Items(0, 16)]
    [XListMapKeys("revision")]
    public IList<RouteBackend> Backends { get; set; } = [];

    /// <summary>Whether a request that fails on a candidate is answered by stable.</summary>
    [DefaultValue(true)]
    public bool? Failover { get; set; }

    /// <summary>Whether and how callers keep their revision.</summary>
    public StickyBy? StickyBy { get; set; }
}
