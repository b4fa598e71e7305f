using System.Buffers;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text;
using Microsoft.Extensions.Logging;

namespace ModelOperator.Telemetry.Prometheus;

/// <summary>
/// Listens to instruments and writes them in Prometheus' text format. Instrument names are metric names as they
/// are; units are not appended. A measurement whose series exists allocates nothing.
/// </summary>
public sealed partial class PrometheusExporter : IDisposable
{
    /// <summary>Series that one metric may have unless told otherwise: five outcomes of two revisions of 5,000 ModelDeployments.</summary>
    public const int DefaultMaxSeries = 50_000;

    private readonly HashSet<string> _meters;
    private readonly object? _scope;
    private readonly int _maxSeries;
    private readonly ILogger<PrometheusExporter> _logger;
    private readonly Lock _families = new();
    private readonly SortedDictionary<string, MetricFamily> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<Instrument, MetricFamily> _byInstrument = [];
    private readonly HashSet<string> _warned = [];
    private readonly Lock _collecting = new();
    private readonly MeterListener _listener = new();
    private readonly Meter _own = new("ModelOperator.Telemetry");
    private readonly Counter<long> _droppedMeasurements;
    private long _collection;

    /// <param name="meters">Names of the meters to export.</param>
    /// <param name="logger">Told once per metric when measurements are dropped.</param>
    /// <param name="scope">
    /// The <see cref="IMeterFactory"/> whose meters are meant, so that two hosts in one process stay apart; meters
    /// made without a factory belong to every host. Null: all.
    /// </param>
    /// <param name="maxSeries">Series that one metric may have; measurements beyond are dropped and counted.</param>
    public PrometheusExporter(
        IEnumerable<string> meters, ILogger<PrometheusExporter> logger, object? scope = null, int maxSeries = DefaultMaxSeries)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxSeries, 1);
        _meters = new HashSet<string>(meters, StringComparer.Ordinal);
        _logger = logger;
        _scope = scope;
        _maxSeries = maxSeries;
        _droppedMeasurements = _own.CreateCounter<long>(
            "telemetry_dropped_measurements_total", null, "Measurements that were no number or had no room for their series.");

        _listener.InstrumentPublished = Publish;
        _listener.MeasurementsCompleted = (instrument, _) => Complete(instrument);
        _listener.SetMeasurementEventCallback<byte>((_, value, tags, state) => Record(value, tags, state));
        _listener.SetMeasurementEventCallback<short>((_, value, tags, state) => Record(value, tags, state));
        _listener.SetMeasurementEventCallback<int>((_, value, tags, state) => Record(value, tags, state));
        _listener.SetMeasurementEventCallback<long>((_, value, tags, state) => Record(value, tags, state));
        _listener.SetMeasurementEventCallback<float>((_, value, tags, state) => Record(value, tags, state));
        _listener.SetMeasurementEventCallback<double>((_, value, tags, state) => Record(value, tags, state));
        _listener.SetMeasurementEventCallback<decimal>((_, value, tags, state) => Record((double)value, tags, state));
        _listener.Start();
    }

    /// <summary>
    /// Makes a series exist, at zero, before its first measurement: Prometheus sees the first increase only when it
    /// has seen the zero before it.
    /// </summary>
    /// <returns>False when the instrument is not exported or its metric is full.</returns>
    public bool CreateSeries(Instrument instrument, in TagList tags)
    {
        MetricFamily? family;
        lock (_families)
        {
            _byInstrument.TryGetValue(instrument, out family);
        }
        if (family is null or { Observed: true })
        {
            return false;
        }
        Span<KeyValuePair<string, object?>> given = new KeyValuePair<string, object?>[tags.Count];
        tags.CopyTo(given);
        return family.Create(given) is not null;
    }

    /// <summary>
    /// Forgets the series of every metric that carry all of these labels, as when a revision is gone. A measurement
    /// that comes later starts its series again at zero.
    /// </summary>
    /// <returns>How many there were.</returns>
    public int RemoveSeries(params ReadOnlySpan<KeyValuePair<string, object?>> matching)
    {
        if (matching.IsEmpty)
        {
            throw new ArgumentException("At least one label is needed: no label matches every series.", nameof(matching));
        }
        var removed = 0;
        foreach (var family in Families())
        {
            removed += family.Remove(matching);
        }
        return removed;
    }

    /// <summary>Asks the observable instruments and writes all metrics, sorted by name and labels.</summary>
    public void WriteTo(IBufferWriter<byte> output)
    {
        lock (_collecting)
        {
            _collection++;
            try
            {
                _listener.RecordObservableInstruments();
            }
            catch (AggregateException failure)
            {
                foreach (var one in failure.InnerExceptions)
                {
                    LogObservationFailed(one);
                }
            }
            var writer = new TextFormatWriter(output);
            foreach (var family in Families())
            {
                family.WriteTo(ref writer, _collection);
            }
        }
    }

    /// <summary>The same as text.</summary>
    public string Export()
    {
        var output = new ArrayBufferWriter<byte>();
        WriteTo(output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _listener.Dispose();
        _own.Dispose();
    }

    private void Publish(Instrument instrument, MeterListener listener)
    {
        var ours = ReferenceEquals(instrument.Meter, _own);
        if (!ours && (!_meters.Contains(instrument.Meter.Name) || !InScope(instrument.Meter)))
        {
            return;
        }
        if (InstrumentTraits.Of(instrument) is not { } traits)
        {
            return;
        }
        MetricFamily? family;
        lock (_families)
        {
            var name = PrometheusName.Metric(instrument, traits.Kind);
            if (!_byName.TryGetValue(name, out family))
            {
                family = new MetricFamily(instrument, traits, _maxSeries, ours ? _ => { } : Dropped);
                _byName.Add(name, family);
            }
            else if (family.Kind != traits.Kind || family.Observed != traits.Observed)
            {
                LogConflict(name, family.Kind, instrument.Meter.Name, traits.Kind);
                return;
            }
            family.Instruments++;
            _byInstrument.Add(instrument, family);
        }
        listener.EnableMeasurementEvents(instrument, new Subscription(this, family));
    }

    private void Complete(Instrument instrument)
    {
        lock (_families)
        {
            if (_byInstrument.Remove(instrument, out var family) && --family.Instruments == 0)
            {
                _byName.Remove(family.Name);
            }
        }
    }

    private bool InScope(Meter meter) => _scope is null || meter.Scope is null || ReferenceEquals(meter.Scope, _scope);

    private static void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state)
    {
        var (exporter, family) = (Subscription)state!;
        family.Record(value, tags, exporter._collection);
    }

    private void Dropped(MetricFamily family)
    {
        _droppedMeasurements.Add(1, new KeyValuePair<string, object?>("metric", family.Name));
        lock (_families)
        {
            if (!_warned.Add(family.Name))
            {
                return;
            }
        }
        LogDropped(family.Name, _maxSeries);
    }

    private MetricFamily[] Families()
    {
        lock (_families)
        {
            return [.. _byName.Values];
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message =
        "Measurements of {Metric} are dropped: not a number, negative for a counter, or more than {MaxSeries} series. Counted in telemetry_dropped_measurements_total; said once.")]
    private partial void LogDropped(string metric, int maxSeries);

    [LoggerMessage(Level = LogLevel.Warning, Message =
        "Metric {Metric} is a {Kind} already; the instrument of that name in meter {Meter}, a {OtherKind}, is not exported.")]
    private partial void LogConflict(string metric, MetricKind kind, string meter, MetricKind otherKind);

    [LoggerMessage(Level = LogLevel.Warning, Message = "An observable instrument could not be read.")]
    private partial void LogObservationFailed(Exception failure);

    private sealed record Subscription(PrometheusExporter Exporter, MetricFamily Family);
}
