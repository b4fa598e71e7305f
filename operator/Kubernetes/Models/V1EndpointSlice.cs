namespace ModelOperator.Kubernetes.Models;

/// <summary>Some of the addresses behind a Service.</summary>
[KubernetesEntity(Group = "discovery.k8s.io", ApiVersion = "v1", Kind = "EndpointSlice", PluralName = "endpointslices")]
public sealed class V1EndpointSlice : IKubernetesObject<V1ObjectMeta>
{
    /// <inheritdoc/>
    public string? ApiVersion { get; set; }

    /// <inheritdoc/>
    public string? Kind { get; set; }

    /// <inheritdoc/>
    public V1ObjectMeta Metadata { get; set; } = new();

    /// <summary><c>IPv4</c>, <c>IPv6</c> or <c>FQDN</c>.</summary>
    public string AddressType { get; set; } = "";

    public IList<V1Endpoint> Endpoints { get; set; } = [];

    public IList<Discoveryv1EndpointPort>? Ports { get; set; }
}
