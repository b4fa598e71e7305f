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
    private readonly Counter<long> _mirrored;
    private readonly Counter<long> _notMirrored;
    private readonly Counter<long> _disagreements;
    private readonly UpDownCounter<long> _inFlight;

    public RouterMetrics(IMeterFactory meters, PrometheusExporter exporter)
    {
        _exporter = exporter;
        var meter = meters.Create(MeterName);
        _requests = meter.CreateCounter<long>(
            "modelrouter_requests_total", null, "Requests sent to a revision, by how the revision did; a failover is one of each arm, a copy is one of the candidate.");
        _duration = meter.CreateHistogram(
            "modelrouter_request_duration_seconds", null, "Time a revision took for a request, until the end of its answer.",
            tags: null, LatencyBuckets.Advice);
        _failovers = meter.CreateCounter<long>(
            "modelrouter_failovers_total", null, "Requests that failed on this revision and were given to stable.");
        _mirrored = meter.CreateCounter<long>(
            "modelrouter_mirrored_total", null, "Copies of requests that this revision was sent, to compare its answers.");
        _notMirrored = meter.CreateCounter<long>(
            "modelrouter_mirror_skipped_total", null, "Copies that were due and not sent: the mirror's budget was used up, or the request was too large to keep.");
        _disagreements = meter.CreateCounter<long>(
            "modelrouter_disagreements_total", null, "Copies that this revision answered differently from the revision whose answer the caller got, or not at all.");
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
            _exporter.CreateSeries(_mirrored, new TagList(labels.Revision));
            _exporter.CreateSeries(_notMirrored, new TagList(labels.Revision));
            _exporter.CreateSeries(_disagreements, new TagList(labels.Revision));
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

    /// <summary>A copy was answered, or was not, and the answers were compared. Call before <see cref="AttemptEnded"/>.</summary>
    public void Compared(ArmLabels labels, bool disagrees)
    {
        _mirrored.Add(1, labels.Revision);
        if (disagrees)
        {
            _disagreements.Add(1, labels.Revision);
        }
    }

    public void NotMirrored(ArmLabels labels) => _notMirrored.Add(1, labels.Revision);
}
