namespace ModelOperator.Controller.Hosting;

/// <summary>Settings of the operator process.</summary>
internal sealed record OperatorOptions
{
    /// <summary>A kubeconfig file; null: the usual places, then the pod's service account.</summary>
    public string? Kubeconfig { get; init; }

    /// <summary>The Prometheus of policies that name none.</summary>
    public Uri? PrometheusAddress { get; init; }

    /// <summary>Where clients reach the routers; goes into <c>status.url</c>.</summary>
    public string RouterUrl { get; init; } = "http://modelrouter.modeloperator-system";

    /// <summary>ModelDeployments worked on at the same time.</summary>
    public int Workers { get; init; } = 8;

    public int MetricsPort { get; init; } = Api.Conventions.Ports.OperatorMetrics;

    public int HealthPort { get; init; } = Api.Conventions.Ports.OperatorHealth;
}
