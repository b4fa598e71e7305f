namespace ModelOperator.Kubernetes.Models;

/// <summary>The pods and ports of a Service.</summary>
public sealed class V1ServiceSpec
{
    /// <summary><c>ClusterIP</c>, <c>NodePort</c>, <c>LoadBalancer</c> or <c>ExternalName</c>.</summary>
    public string? Type { get; set; }

    /// <summary><c>None</c> makes the Service headless.</summary>
    public string? ClusterIP { get; set; }

    public IList<string>? ClusterIPs { get; set; }

    public IDictionary<string, string>? Selector { get; set; }

    public IList<V1ServicePort>? Ports { get; set; }

    public bool? PublishNotReadyAddresses { get; set; }

    public string? SessionAffinity { get; set; }

    public string? InternalTrafficPolicy { get; set; }

    public IList<string>? IpFamilies { get; set; }

    public string? IpFamilyPolicy { get; set; }

    public string? ExternalName { get; set; }
}
