namespace ModelOperator.Kubernetes.Models;

/// <summary>What holds a namespace.</summary>
public sealed class V1NamespaceSpec
{
    public IList<string>? Finalizers { get; set; }
}
