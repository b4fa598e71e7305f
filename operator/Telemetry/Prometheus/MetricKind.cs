namespace ModelOperator.Telemetry.Prometheus;

/// <summary>The types of the text format that instruments map to.</summary>
internal enum MetricKind
{
    Counter,
    Gauge,
    Histogram,
}
