using System.Diagnostics;
using System.Diagnostics.Metrics;
using ModelOperator.Telemetry.Prometheus;

namespace ModelOperator.Serving.Inference;

/// <summary>The <c>modelserver_*</c> metrics of one model.</summary>
internal sealed class ServingMetrics
{
    public const string MeterName = "ModelOperator.Serving";

    private static readonly string[] OutcomeNames = ["ok", "client_error", "error", "rejected", "timeout", "canceled"];

    private readonly TagList _model;
    private readonly TagList[] _outcomes;
    private readonly Counter<long> _inferences;
    private readonly Counter<long> _rejected;
    private readonly Histogram<double> _duration;
    private readonly Histogram<double> _queue;
    private readonly Histogram<double> _batch;
    private readonly Gauge<double> _load;
    private readonly Gauge<int> _info;

    public ServingMetrics(IMeterFactory meters, PrometheusExporter exporter, ModelIdentity model)
    {
        var meter = meters.Create(MeterName);
        _inferences = meter.CreateCounter<long>("modelserver_inference_total", null, "Inference requests by outcome.");
        _rejected = meter.CreateCounter<long>("modelserver_rejected_total", null, "Requests refused because too many waited.");
        _duration = meter.CreateHistogram("modelserver_inference_duration_seconds", null,
            "From the first byte of a request to its answer being ready, of requests that reached the model.",
            null, LatencyBuckets.Advice);
        _queue = meter.CreateHistogram("modelserver_queue_duration_seconds", null,
            "Wait for a free slot in the model.", null, LatencyBuckets.Advice);
        _batch = meter.CreateHistogram("modelserver_batch_size", null, "First dimension of the inputs of a run.", null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024] });
        _load = meter.CreateGauge<double>("modelserver_model_load_seconds", null, "Time that loading the model and warming it up took.");
        _info = meter.CreateGauge<int>("modelserver_model_info", null, "Always 1; tells which bytes are served, and by what.");
        _model = new TagList { { "model", model.Name }, { "version", model.Version }, { "revision", model.Revision } };
        _outcomes = [.. OutcomeNames.Select(outcome => new TagList([.. _model, new("outcome", outcome)]))];
        foreach (var outcome in _outcomes)
        {
            exporter.CreateSeries(_inferences, outcome);
        }
        exporter.CreateSeries(_rejected, _model);
        exporter.CreateSeries(_duration, _model);
        exporter.CreateSeries(_queue, _model);
        exporter.CreateSeries(_batch, _model);
    }

    // Until the model is warm, requests are the server's own.
    private bool Counts { get; set; }

    public void Finished(Outcome outcome)
    {
        if (Counts)
        {
            _inferences.Add(1, _outcomes[(int)outcome]);
        }
    }

    public void Rejected() => _rejected.Add(1, _model);

    public void Answered(TimeSpan duration)
    {
        if (Counts)
        {
            _duration.Record(duration.TotalSeconds, _model);
        }
    }

    public void Queued(TimeSpan duration)
    {
        if (Counts)
        {
            _queue.Record(duration.TotalSeconds, _model);
        }
    }

    public void Ran(long batch)
    {
        if (Counts)
        {
            _batch.Record(batch, _model);
        }
    }

    public void Loaded(TimeSpan duration, string digest, string provider)
    {
        Counts = true;
        _load.Record(duration.TotalSeconds, _model);
        _info.Record(1, new TagList([.. _model, new("digest", digest), new("provider", provider)]));
    }
}
