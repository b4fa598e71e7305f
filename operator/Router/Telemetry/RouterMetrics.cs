using System.Diagnostics;
using System.Diagnostics.Metrics;
using ModelOperator.Router.Routing;
using ModelOperator.Telemetry.Prometheus;

namespace ModelOperator.Router.Telemetry;

/// <summary>What the router counts. The operator's judgement is made of these, so they speak of revisions, not of answers.</summary>
internal sealed class RouterMetrics
{
    public const string MeterName = "ModelOperator.Router";

    private readonly PrometheusExporter _exporter;
    private readonly Counter<long> _requests;
    private readonly Histogram<double> _duration;
    private readonly Counter<long> _failovers;
    private readonly UpDownCounter<long> _inFlight;

    public RouterMetrics(IMeterFactory meters, PrometheusExporter exporter)
    {
        _exporter = exporter;
        var meter = meters.Create(MeterName);
        _requests = meter.CreateCounter<long>(
            "modelrouter_requests_total", null, "Requests sent to a revision, by how the revision did; a failover is one of each arm.");
        _duration = meter.CreateHistogram(
            "modelrouter_request_duration_seconds", null, "Time a revision took for a request, until the end of its answer.",
            tags: null, LatencyBuckets.Advice);
        _failovers = meter.CreateCounter<long>(
            "modelrouter_failovers_total", null, "Requests that failed on this revision and were given to stable.");
        _inFlight = meter.CreateUpDownCounter<long>(
            "modelrouter_inflight_requests", null, "Requests that a revision was sent and has not answered yet.");
    }

    /// <summary>Makes all series of a route's revisions exist.</summary>
    public void CreateSeries(ModelRoute route)
    {
        foreach (var labels in route.Backends.Select(backend => backend.Labels))
        {
            foreach (var request in labels.Requests)
            {
                _exporter.CreateSeries(_requests, new TagList(request));
            }
            _exporter.CreateSeries(_duration, new TagList(labels.Arm));
            _exporter.CreateSeries(_failovers, new TagList(labels.Revision));
            _exporter.CreateSeries(_inFlight, new TagList(labels.Revision));
        }
    }

    /// <summary>Forgets a revision.</summary>
    public void RemoveSeries(RevisionKey revision) => _exporter.RemoveSeries(
        new("namespace", revision.Namespace), new("deployment", revision.Deployment), new("revision", revision.Revision));

    public void AttemptStarted(ArmLabels labels) => _inFlight.Add(1, labels.Revision);

    public void AttemptEnded(ArmLabels labels, AttemptOutcome outcome, TimeSpan took)
    {
        _requests.Add(1, labels.Request(outcome));
        _duration.Record(took.TotalSeconds, labels.Arm);
        // Last: who sees nothing in flight has all counts.
        _inFlight.Add(-1, labels.Revision);
    }

    public void FailedOver(ArmLabels labels) => _failovers.Add(1, labels.Revision);
}
