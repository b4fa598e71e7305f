using System.Text.Json.Serialization;

namespace ModelOperator.Kubernetes.Models;

/// <summary>A directory of a pod; exactly one source is set.</summary>
public sealed class V1Volume
{
    public string Name { get; set; } = "";

    public V1EmptyDirVolumeSource? EmptyDir { get; set; }

    public V1ConfigMapVolumeSource? ConfigMap { get; set; }

    public V1SecretVolumeSource? Secret { get; set; }

    public V1HostPathVolumeSource? HostPath { get; set; }

    public V1PersistentVolumeClaimVolumeSource? PersistentVolumeClaim { get; set; }

    public V1ProjectedVolumeSource? Projected { get; set; }

    [JsonPropertyName("downwardAPI")]
    public V1DownwardAPIVolumeSource? DownwardAPI { get; set; }
}
