using System.Diagnostics.Metrics;
using System.Globalization;
using System.Net;

namespace ModelOperator.Kubernetes.Client;

/// <summary>Requests as client-go counts them, under its names.</summary>
public sealed class RestClientMetrics
{
    /// <summary>The meter to export.</summary>
    public const string MeterName = "ModelOperator.Kubernetes.Client";

    private const string NoAnswer = "<error>";

    // controller-runtime's.
    private static readonly double[] Buckets =
    [
        0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0,
        1.25, 1.5, 1.75, 2.0, 2.5, 3.0, 3.5, 4.0, 4.5, 5, 6, 7, 8, 9, 10, 15, 20, 25, 30, 40, 50, 60,
    ];

    private readonly Counter<long> _requests;
    private readonly Counter<long> _retries;
    private readonly Histogram<double> _duration;

    /// <param name="meters">Makes the meter.</param>
    public RestClientMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _requests = meter.CreateCounter<long>(
            "rest_client_requests_total", description: "Number of HTTP requests, partitioned by status code, method, and host.");
        _retries = meter.CreateCounter<long>(
            "rest_client_request_retries_total", description: "Number of request retries, partitioned by status code, verb, and host.");
        _duration = meter.CreateHistogram(
            "rest_client_request_duration_seconds",
            unit: "s",
            description: "Request latency in seconds. Broken down by verb, and host.",
            tags: null,
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = Buckets });
    }

    /// <param name="method">Of the request.</param>
    /// <param name="host">Of the server.</param>
    /// <param name="status">Of the answer; null: none came.</param>
    internal void Sent(HttpMethod method, string host, HttpStatusCode? status) => _requests.Add(
        1, new("code", Code(status)), new("method", method.Method), new("host", host));

    internal void Retried(HttpMethod method, string host, HttpStatusCode? status) => _retries.Add(
        1, new("code", Code(status)), new("verb", method.Method), new("host", host));

    internal void Took(HttpMethod method, string host, TimeSpan time) =>
        _duration.Record(time.TotalSeconds, new("verb", method.Method), new("host", host));

    private static string Code(HttpStatusCode? status) => status is { } code ? ((int)code).ToString(CultureInfo.InvariantCulture) : NoAnswer;
}
