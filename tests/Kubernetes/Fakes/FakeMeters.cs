using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace ModelOperator.Kubernetes.Tests.Fakes;

/// <summary>Makes meters and adds up what is counted on them.</summary>
internal sealed class FakeMeters : IMeterFactory
{
    private readonly ConcurrentDictionary<string, long> _sums = new();
    private readonly MeterListener _listener = new();
    private readonly List<Meter> _meters = [];

    public FakeMeters()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (_meters.Contains(instrument.Meter))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => _sums.AddOrUpdate(Key(instrument, tags), value, (_, sum) => sum + value));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => _sums[Key(instrument, tags)] = value);
        _listener.Start();
    }

    /// <summary>The value of a series such as <c>requests_total{code=200}</c>; 0 when there is none.</summary>
    public long this[string series]
    {
        get
        {
            _listener.RecordObservableInstruments();
            return _sums.GetValueOrDefault(series);
        }
    }

    public Meter Create(MeterOptions options)
    {
        var meter = new Meter(options);
        _meters.Add(meter);
        return meter;
    }

    public void Dispose()
    {
        _listener.Dispose();
        _meters.ForEach(meter => meter.Dispose());
    }

    private static string Key(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        $"{instrument.Name}{{{string.Join(',', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"))}}}";
}
