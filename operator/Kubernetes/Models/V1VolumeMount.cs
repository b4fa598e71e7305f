using System.Text.Json.Serialization;

namespace ModelOperator.Kubernetes.Models;

/// <summary>Where a container sees a volume.</summary>
public sealed class V1VolumeMount
{
    public string Name { get; set; } = "";

    public string MountPath { get; set; } = "";

    public string? SubPath { get; set; }

    [JsonPropertyName("readOnly")]
    public bool? ReadOnlyProperty { get; set; }
}
