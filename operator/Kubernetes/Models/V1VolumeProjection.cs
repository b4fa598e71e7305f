using System.Text.Json.Serialization;

namespace ModelOperator.Kubernetes.Models;

/// <summary>One source of a projected volume; exactly one member is set.</summary>
public sealed class V1VolumeProjection
{
    public V1ConfigMapProjection? ConfigMap { get; set; }

    public V1SecretProjection? Secret { get; set; }

    [JsonPropertyName("downwardAPI")]
    public V1DownwardAPIProjection? DownwardAPI { get; set; }

    public V1ServiceAccountTokenProjection? ServiceAccountToken { get; set; }
}
