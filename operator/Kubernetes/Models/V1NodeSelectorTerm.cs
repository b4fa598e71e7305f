namespace ModelOperator.Kubernetes.Models;

/// <summary>Nodes that match all expressions; none: no node.</summary>
public sealed class V1NodeSelectorTerm
{
    /// <summary>About labels.</summary>
    public IList<V1NodeSelectorRequirement>? MatchExpressions { get; set; }

    /// <summary>About fields; there is only <c>metadata.name</c>.</summary>
    public IList<V1NodeSelectorRequirement>? MatchFields { get; set; }
}
