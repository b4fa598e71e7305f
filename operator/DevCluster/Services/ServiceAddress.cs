using System.Net;

namespace ModelOperator.DevCluster.Services;

/// <summary>A cluster address of a Service: its virtual IP and one of its ports.</summary>
internal readonly record struct ServiceAddress(IPAddress ClusterIP, int Port)
{
    /// <inheritdoc/>
    public override string ToString() => $"{ClusterIP}:{Port}";
}
