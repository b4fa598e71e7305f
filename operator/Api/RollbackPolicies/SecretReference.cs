using ModelOperator.Kubernetes.Entities.Attributes;

namespace ModelOperator.Api.RollbackPolicies;

/// <summary>Names a Secret in the policy's own namespace.</summary>
public sealed class SecretReference
{
    /// <summary>The Secret's name.</summary>
    [Required]
    [Length(1, 253)]
    [Pattern("^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$")]
    public string Name { get; set; } = "";
}
