namespace ModelOperator.Kubernetes.Models;

/// <summary>Nodes that match any of the terms.</summary>
public sealed class V1NodeSelector
{
    public IList<V1NodeSelectorTerm> NodeSelectorTerms { get; set; } = [];
}
