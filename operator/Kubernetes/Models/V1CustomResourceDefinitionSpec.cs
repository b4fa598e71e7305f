namespace ModelOperator.Kubernetes.Models;

/// <summary>The names, scope and versions of a kind.</summary>
public sealed class V1CustomResourceDefinitionSpec
{
    public string Group { get; set; } = "";

    public V1CustomResourceDefinitionNames? Names { get; set; }

    /// <summary><c>Namespaced</c> or <c>Cluster</c>.</summary>
    public string Scope { get; set; } = "";

    public IList<V1CustomResourceDefinitionVersion> Versions { get; set; } = [];

    public bool? PreserveUnknownFields { get; set; }
}
