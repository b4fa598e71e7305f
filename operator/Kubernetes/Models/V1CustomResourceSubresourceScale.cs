namespace ModelOperator.Kubernetes.Models;

/// <summary>JSONPaths of the scale subresource.</summary>
public sealed class V1CustomResourceSubresourceScale
{
    public string SpecReplicasPath { get; set; } = "";

    public string StatusReplicasPath { get; set; } = "";

    public string? LabelSelectorPath { get; set; }
}
