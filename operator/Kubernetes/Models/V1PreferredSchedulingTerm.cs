namespace ModelOperator.Kubernetes.Models;

/// <summary>Nodes that are liked, by weight.</summary>
public sealed class V1PreferredSchedulingTerm
{
    public int Weight { get; set; }

    public V1NodeSelectorTerm Preference { get; set; } = new();
}
