namespace ModelOperator.Kubernetes.Models;

/// <summary>A token of the pod's service account.</summary>
public sealed class V1ServiceAccountTokenProjection
{
    public string? Audience { get; set; }

    public long? ExpirationSeconds { get; set; }

    /// <summary>Relative to the volume.</summary>
    public string Path { get; set; } = "";
}
