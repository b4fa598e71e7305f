using ModelOperator.Api.Conventions;
using ModelOperator.Kubernetes.Entities.Attributes;

namespace ModelOperator.Api.RollbackPolicies;

/// <summary>What is measured, how often, and what follows.</summary>
public sealed class RollbackPolicySpec
{
    /// <summary>The Prometheus to ask; default: the operator's.</summary>
    public PrometheusSource? Prometheus { get; set; }

    /// <summary>Time between looks.</summary>
    [DefaultValue("15s")]
    [Pattern(Duration.Pattern)]
    [Length(2, 32)]
    public string? Interval { get; set; }

    /// <summary>The metrics, by name.</summary>
    [Required]
    [Items(1, 32)]
    [XListMapKeys("name")]
    public IList<PolicyMetric> Metrics { get; set; } = [];

    /// <summary>What an empty or NaN answer means.</summary>
    public UnknownHandling? OnNoData { get; set; }

    /// <summary>What an answer that is no answer means: Prometheus down, a bad query.</summary>
    public UnknownHandling? OnError { get; set; }

    /// <summary>Judge and report, but do nothing.</summary>
    [DefaultValue(false)]
    public bool? DryRun { get; set; }
}
