namespace ModelOperator.Kubernetes.Models;

/// <summary>Where the value of a variable comes from.</summary>
public sealed class V1EnvVarSource
{
    public V1ObjectFieldSelector? FieldRef { get; set; }

    public V1KeySelector? ConfigMapKeyRef { get; set; }

    public V1KeySelector? SecretKeyRef { get; set; }

    public V1ResourceFieldSelector? ResourceFieldRef { get; set; }
}
