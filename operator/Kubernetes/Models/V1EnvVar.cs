namespace ModelOperator.Kubernetes.Models;

/// <summary>A variable of a container's environment.</summary>
public sealed class V1EnvVar
{
    public string Name { get; set; } = "";

    /// <summary>The value; <c>$(OTHER)</c> stands for an earlier variable.</summary>
    public string? Value { get; set; }

    public V1EnvVarSource? ValueFrom { get; set; }
}
