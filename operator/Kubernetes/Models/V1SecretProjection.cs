namespace ModelOperator.Kubernetes.Models;

/// <summary>Files from a Secret.</summary>
public sealed class V1SecretProjection
{
    public string? Name { get; set; }

    /// <summary>The keys to take; null: all.</summary>
    public IList<V1KeyToPath>? Items { get; set; }

    public bool? Optional { get; set; }
}
