namespace ModelOperator.Kubernetes.Models;

/// <summary>A field of the pod itself (the downward API), for example <c>status.podIP</c>.</summary>
public sealed class V1ObjectFieldSelector
{
    public string FieldPath { get; set; } = "";
}
