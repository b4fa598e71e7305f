using System.Text.Json.Serialization;

namespace ModelOperator.Kubernetes.Models;

/// <summary>A claimed volume.</summary>
public sealed class V1PersistentVolumeClaimVolumeSource
{
    public string ClaimName { get; set; } = "";

    [JsonPropertyName("readOnly")]
    public bool? ReadOnlyProperty { get; set; }
}
