namespace ModelOperator.Kubernetes.Models;

/// <summary>What is wanted of a <see cref="V1Scale"/>.</summary>
public sealed class V1ScaleSpec
{
    public int? Replicas { get; set; }
}
