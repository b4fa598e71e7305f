namespace ModelOperator.Judgement.Prometheus;

/// <summary>A server and how it is asked.</summary>
/// <param name="Address">From <see cref="PrometheusAddress"/>.</param>
/// <param name="Timeout">How long a query may take, with its retries.</param>
/// <param name="Credentials">The Secret to authenticate with; null: none.</param>
internal sealed record PrometheusServer(Uri Address, TimeSpan Timeout, SecretName? Credentials = null);
