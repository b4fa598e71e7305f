namespace ModelOperator.Controller.Hosting;

/// <summary>Settings of the operator process.</summary>
internal sealed record OperatorOptions
{
    /// <summary>The namespace that the operator runs in.</summary>
    public static string Home { get; } = Environment.GetEnvironmentVariable("POD_NAMESPACE") is { Length: > 0 } name ? name : "modeloperator-system";

    /// <summary>The only namespace in which ModelDeployments are looked at; null: all.</summary>
    public string? Namespace { get; init; }

    /// <summary>A kubeconfig file; null: the usual places, then the pod's service account.</summary>
    public string? Kubeconfig { get; init; }

    /// <summary>The Prometheus of policies that name none.</summary>
    public Uri? PrometheusAddress { get; init; }

    /// <summary>Where clients reach the routers; goes into <c>status.url</c>.</summary>
    public string RouterUrl { get; init; } = "http://modelrouter.modeloperator-system";

    /// <summary>ModelDeployments worked on at the same time.</summary>
    public int Workers { get; init; } = 8;

    /// <summary>Whether one of several operators is elected.</summary>
    public bool LeaderElection { get; init; } = true;

    /// <summary>The name of the Lease.</summary>
    public string LeaseName { get; init; } = "modeloperator";

    /// <summary>The namespace of the Lease.</summary>
    public string LeaseNamespace { get; init; } = Home;

    /// <summary>How long standbys wait for a leader that has fallen silent.</summary>
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a leader tries to renew before it ends.</summary>
    public TimeSpan RenewDeadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The pause between attempts.</summary>
    public TimeSpan RetryPeriod { get; init; } = TimeSpan.FromSeconds(2);

    public int MetricsPort { get; init; } = Api.Conventions.Ports.OperatorMetrics;

    public int HealthPort { get; init; } = Api.Conventions.Ports.OperatorHealth;
}
