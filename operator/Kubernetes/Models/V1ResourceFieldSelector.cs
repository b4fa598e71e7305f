namespace ModelOperator.Kubernetes.Models;

/// <summary>A resource of a container, as the downward API gives it.</summary>
public sealed class V1ResourceFieldSelector
{
    /// <summary>The container; needed in volumes, by default the container itself in variables.</summary>
    public string? ContainerName { get; set; }

    /// <summary>For example <c>limits.memory</c> or <c>requests.cpu</c>.</summary>
    public string Resource { get; set; } = "";

    /// <summary>The unit, by default <c>1</c>; what is left over counts as one more.</summary>
    public string? Divisor { get; set; }
}
