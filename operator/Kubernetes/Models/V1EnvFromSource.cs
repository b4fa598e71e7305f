namespace ModelOperator.Kubernetes.Models;

/// <summary>All keys of a ConfigMap or Secret as variables.</summary>
public sealed class V1EnvFromSource
{
    public string? Prefix { get; set; }

    public V1EnvFromObject? ConfigMapRef { get; set; }

    public V1EnvFromObject? SecretRef { get; set; }
}
