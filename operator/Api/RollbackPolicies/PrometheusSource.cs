using ModelOperator.Api.Conventions;
using ModelOperator.Kubernetes.Entities.Attributes;

namespace ModelOperator.Api.RollbackPolicies;

/// <summary>A Prometheus server.</summary>
public sealed class PrometheusSource
{
    /// <summary>Its address, for example <c>http://prometheus.monitoring:9090</c>.</summary>
    [Required]
    [Length(1, 2048)]
    [Pattern("^https?://.+$")]
    public string Address { get; set; } = "";

    /// <summary>How long a query may take.</summary>
    [DefaultValue("10s")]
    [Pattern(Duration.Pattern)]
    [Length(2, 32)]
    public string? Timeout { get; set; }

    /// <summary>
    /// Credentials: a Secret with <c>token</c> (sent as bearer), or <c>username</c> and <c>password</c> (basic), or <c>tls.crt</c> and
    /// <c>tls.key</c> (a client certificate); <c>ca.crt</c>, alone or beside them, is what the server's certificate must come from.
    /// </summary>
    public SecretReference? SecretRef { get; set; }
}
