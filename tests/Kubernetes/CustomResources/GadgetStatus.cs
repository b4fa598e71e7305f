namespace ModelOperator.Kubernetes.Tests.CustomResources;

/// <summary>What became of a gadget.</summary>
public sealed class GadgetStatus
{
    public int? Replicas { get; set; }

    public string? Selector { get; set; }
}
