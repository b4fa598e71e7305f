namespace ModelOperator.Controller.Analysis;

/// <summary>Settings of the analysis.</summary>
/// <param name="PrometheusAddress">
/// The Prometheus of policies that name none, from <see cref="Judgement.Prometheus.PrometheusAddress"/>; null: such policies give <c>Error</c>.
/// </param>
internal sealed record AnalysisOptions(Uri? PrometheusAddress = null);
