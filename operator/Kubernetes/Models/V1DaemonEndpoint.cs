using System.Text.Json.Serialization;

namespace ModelOperator.Kubernetes.Models;

/// <summary>Where one daemon listens.</summary>
public sealed class V1DaemonEndpoint
{
    /// <summary>The API spells it with a capital letter.</summary>
    [JsonPropertyName("Port")]
    public int Port { get; set; }
}
