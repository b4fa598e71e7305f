namespace ModelOperator.Kubernetes.Models;

/// <summary>A field of a custom resource that selectors may name.</summary>
public sealed class V1SelectableField
{
    public string JsonPath { get; set; } = "";
}
