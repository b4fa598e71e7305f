namespace ModelOperator.Controller.Analysis.Prometheus;

/// <summary>A successful answer.</summary>
/// <param name="Kind">Its result type.</param>
/// <param name="Series">Its series; empty when nothing matched.</param>
/// <param name="Warnings">What the server found doubtful, for example a store that did not answer.</param>
internal sealed record PrometheusResult(PrometheusResultKind Kind, IReadOnlyList<PrometheusSeries> Series, IReadOnlyList<string> Warnings);
