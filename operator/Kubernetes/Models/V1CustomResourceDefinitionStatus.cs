namespace ModelOperator.Kubernetes.Models;

/// <summary>What became of a definition.</summary>
public sealed class V1CustomResourceDefinitionStatus
{
    public IList<V1CustomResourceDefinitionCondition>? Conditions { get; set; }

    public V1CustomResourceDefinitionNames? AcceptedNames { get; set; }

    public IList<string>? StoredVersions { get; set; }
}
