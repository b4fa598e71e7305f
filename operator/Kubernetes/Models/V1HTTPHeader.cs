namespace ModelOperator.Kubernetes.Models;

/// <summary>A header of a probe's request.</summary>
public sealed class V1HTTPHeader
{
    public string Name { get; set; } = "";

    public string Value { get; set; } = "";
}
