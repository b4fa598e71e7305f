namespace ModelOperator.Kubernetes.Models;

/// <summary>How old pods give way to new ones.</summary>
public sealed class V1DeploymentStrategy
{
    /// <summary><c>RollingUpdate</c> or <c>Recreate</c>.</summary>
    public string? Type { get; set; }

    public V1RollingUpdateDeployment? RollingUpdate { get; set; }
}
