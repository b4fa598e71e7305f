namespace ModelOperator.Kubernetes.Models;

/// <summary>Objects that have these labels; an empty selector takes all, a missing one none.</summary>
public sealed class V1LabelSelector
{
    public IDictionary<string, string>? MatchLabels { get; set; }

    public IList<V1LabelSelectorRequirement>? MatchExpressions { get; set; }
}
