namespace ModelOperator.Kubernetes.Models;

/// <summary>What is asked of a node.</summary>
public sealed class V1NodeSpec
{
    public bool? Unschedulable { get; set; }

    public string? PodCIDR { get; set; }

    public IList<string>? PodCIDRs { get; set; }

    public string? ProviderID { get; set; }

    public IList<V1Taint>? Taints { get; set; }
}
