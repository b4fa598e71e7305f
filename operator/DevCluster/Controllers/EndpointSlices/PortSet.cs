using ModelOperator.Kubernetes.Models;

namespace ModelOperator.DevCluster.Controllers.EndpointSlices;

/// <summary>Ports compared by value.</summary>
internal sealed class PortSet(IList<Discoveryv1EndpointPort> ports) : IEquatable<PortSet>
{
    private readonly string _text = string.Join(';', ports.Select(p => $"{p.Name}/{p.Port}/{p.Protocol}/{p.AppProtocol}"));

    public IList<Discoveryv1EndpointPort> Ports => ports;

    public bool Equals(PortSet? other) => other?._text == _text;

    public override bool Equals(object? obj) => Equals(obj as PortSet);

    public override int GetHashCode() => _text.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => _text;
}
