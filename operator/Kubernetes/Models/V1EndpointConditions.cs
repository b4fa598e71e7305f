namespace ModelOperator.Kubernetes.Models;

/// <summary>Whether an endpoint takes requests.</summary>
public sealed class V1EndpointConditions
{
    /// <summary>Whether it takes new requests; null means yes.</summary>
    public bool? Ready { get; set; }

    /// <summary>Like ready, also while it ends.</summary>
    public bool? Serving { get; set; }

    public bool? Terminating { get; set; }
}
