namespace ModelOperator.Kubernetes.Models;

/// <summary>Files from a ConfigMap.</summary>
public sealed class V1ConfigMapVolumeSource
{
    public string? Name { get; set; }

    public IList<V1KeyToPath>? Items { get; set; }

    public int? DefaultMode { get; set; }

    public bool? Optional { get; set; }
}
