using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace ModelOperator.Kubernetes.Tests.Fakes;

/// <summary>Meters of one test, and the sums of what they measured by name and labels.</summary>
internal sealed class TestMeters : IMeterFactory
{
    private readonly ConcurrentDictionary<string, double> _sums = new();
    private readonly ConcurrentBag<Meter> _meters = [];
    private readonly MeterListener _listener;

    public TestMeters()
    {
        _listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Scope == this)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.Start();
    }

    /// <summary>Every series that has been measured, for example <c>name{a=1,b=2}</c>; of observable ones the present value.</summary>
    public IReadOnlyDictionary<string, double> Read()
    {
        _listener.RecordObservableInstruments();
        return _sums;
    }

    /// <summary>The series' value; zero when it has not been measured.</summary>
    public double this[string series] => Read().GetValueOrDefault(series);

    public Meter Create(MeterOptions options)
    {
        var meter = new Meter(new MeterOptions(options.Name) { Scope = this });
        _meters.Add(meter);
        return meter;
    }

    public void Dispose()
    {
        _listener.Dispose();
        foreach (var meter in _meters)
        {
            meter.Dispose();
        }
    }

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var series = $"{instrument.Name}{{{string.Join(',', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"))}}}";
        _sums.AddOrUpdate(series, value, (_, sum) => instrument.IsObservable ? value : sum + value);
    }
}
