namespace ModelOperator.Kubernetes.Models;

/// <summary>Names the ConfigMap or Secret of a <see cref="V1EnvFromSource"/>.</summary>
public sealed class V1EnvFromObject
{
    public string Name { get; set; } = "";

    public bool? Optional { get; set; }
}
