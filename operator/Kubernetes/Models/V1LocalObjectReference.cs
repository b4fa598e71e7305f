namespace ModelOperator.Kubernetes.Models;

/// <summary>An object in the same namespace.</summary>
public sealed class V1LocalObjectReference
{
    public string? Name { get; set; }
}
