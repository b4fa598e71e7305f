namespace ModelOperator.Kubernetes.Models;

/// <summary>What a kind is called.</summary>
public sealed class V1CustomResourceDefinitionNames
{
    public string Kind { get; set; } = "";

    public string? ListKind { get; set; }

    public string Plural { get; set; } = "";

    public string? Singular { get; set; }

    public IList<string>? ShortNames { get; set; }

    public IList<string>? Categories { get; set; }
}
