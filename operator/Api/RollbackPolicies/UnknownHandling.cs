using ModelOperator.Api.Conventions;
using ModelOperator.Kubernetes.Entities.Attributes;

namespace ModelOperator.Api.RollbackPolicies;

/// <summary>What follows when a metric tells nothing.</summary>
public sealed class UnknownHandling
{
    /// <summary>At once.</summary>
    [DefaultValue("Hold")]
    [EnumValues("Hold", "Pause", "Rollback", "Continue")]
    public string? Action { get; set; }

    /// <summary>How long, without a break, before <see cref="Then"/>.</summary>
    [DefaultValue("10m")]
    [Pattern(Duration.Pattern)]
    [Length(2, 32)]
    public string? For { get; set; }

    /// <summary>After that time.</summary>
    [DefaultValue("Pause")]
    [EnumValues("Hold", "Pause", "Rollback", "Continue")]
    public string? Then { get; set; }
}
