namespace ModelOperator.Kubernetes.Models;

/// <summary>Files from a ConfigMap.</summary>
public sealed class V1ConfigMapProjection
{
    public string? Name { get; set; }

    /// <summary>The keys to take; null: all.</summary>
    public IList<V1KeyToPath>? Items { get; set; }

    public bool? Optional { get; set; }
}
