using ModelOperator.Kubernetes.Entities.Attributes;

namespace ModelOperator.Api.ModelDeployments;

/// <summary>The Gateway that requests come through.</summary>
public sealed class GatewayReference
{
    /// <summary>The Gateway's name.</summary>
    [Required]
    [Length(1, 253)]
    public string Name { get; set; } = "";

    /// <summary>The Gateway's namespace; absent: the ModelDeployment's own.</summary>
    [Length(1, 63)]
    public string? Namespace { get; set; }

    /// <summary>The only listener of the Gateway to use; absent: all that let the route in.</summary>
    [Length(1, 253)]
    public string? SectionName { get; set; }
}
