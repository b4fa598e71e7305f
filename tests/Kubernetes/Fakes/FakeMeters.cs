using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace ModelOperator.Kubernetes.Tests.Fakes;

/// <summary>Makes meters and adds up what is counted on them.</summary>
internal sealed class FakeMeters : IMeterFactory
{
    private readonly ConcurrentDictionary<string, double> _sums = new();
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
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.Start();
    }

    /// <summary>The value of a series such as <c>requests_total{code=200}</c>; 0 when there is none.</summary>
    public double this[string series]
    {
        get
        {
            _listener.RecordObservableInstruments();
            return _sums.GetValueOrDefault(series);
        }
    }

    /// <summary>Every series there is.</summary>
    public IReadOnlyCollection<string> Series => [.. _sums.Keys];

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

    private void Take(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        // A gauge tells where it stands, everything else what has been added.
        var isLast = instrument.IsObservable || instrument.GetType().GetGenericTypeDefinition() == typeof(Gauge<>);
        _sums.AddOrUpdate(Key(instrument, tags), value, (_, sum) => isLast ? value : sum + value);
    }

    private static string Key(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        $"{instrument.Name}{{{string.Join(',', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"))}}}";
}
