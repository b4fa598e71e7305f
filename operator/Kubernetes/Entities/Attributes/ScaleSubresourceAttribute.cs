namespace ModelOperator.Kubernetes.Entities.Attributes;

/// <summary>Serves the scale subresource from these paths.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ScaleSubresourceAttribute(string specReplicasPath, string statusReplicasPath, string? labelSelectorPath = null) : Attribute
{
    /// <summary>JSONPath of the wanted replicas.</summary>
    public string SpecReplicasPath { get; } = specReplicasPath;
    /// <summary>JSONPath of the seen replicas.</summary>
    public string StatusReplicasPath { get; } = statusReplicasPath;
    /// <summary>JSONPath of the selector in text form.</summary>
    public string? LabelSelectorPath { get; } = labelSelectorPath;
}
