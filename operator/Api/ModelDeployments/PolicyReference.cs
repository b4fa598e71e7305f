using ModelOperator.Kubernetes.Entities.Attributes;

namespace ModelOperator.Api.ModelDeployments;

/// <summary>Names a RollbackPolicy in the same namespace.</summary>
public sealed class PolicyReference
{
    /// <summary>The policy's name.</summary>
    [Required]
    [Length(1, 253)]
    public string Name { get; set; } = "";
}
