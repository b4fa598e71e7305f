namespace ModelOperator.Kubernetes.Models;

/// <summary>Files from a Secret.</summary>
public sealed class V1SecretVolumeSource
{
    public string? SecretName { get; set; }

    public IList<V1KeyToPath>? Items { get; set; }

    public int? DefaultMode { get; set; }

    public bool? Optional { get; set; }
}
