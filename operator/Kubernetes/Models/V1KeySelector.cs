namespace ModelOperator.Kubernetes.Models;

/// <summary>A key of a ConfigMap or Secret in the pod's namespace.</summary>
public sealed class V1KeySelector
{
    public string Name { get; set; } = "";

    public string Key { get; set; } = "";

    /// <summary>Whether the object or key may be missing.</summary>
    public bool? Optional { get; set; }
}
