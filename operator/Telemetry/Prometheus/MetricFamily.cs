using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text;

namespace ModelOperator.Telemetry.Prometheus;

/// <summary>
/// A metric and its series. Instruments of one name, from any number of meters, share it: two of a name in one
/// scrape are an error in the text format.
/// </summary>
internal sealed class MetricFamily
{
    private readonly ConcurrentDictionary<KeyValuePair<string, object?>[], Series> _byTags = new(TagSequenceComparer.Instance);
    private readonly ConcurrentDictionary<KeyValuePair<string, object?>[], Series>
        .AlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>> _lookup;
    private readonly SortedDictionary<string, Series> _byLabels = new(StringComparer.Ordinal);
    private readonly Lock _change = new();
    private readonly KeyValuePair<string, object?>[] _constant;
    private readonly Func<LabelSet, Series> _create;
    private readonly Action<MetricFamily> _dropped;
    private readonly int _maxSeries;
    private volatile int _count;

    // In the order of the labels; null when a series came or went since it was last asked for. Keeping it up to date with
    // every series that is created would cost the square of their number.
    private volatile Series[]? _sorted = [];

    public MetricFamily(Instrument instrument, InstrumentTraits traits, int maxSeries, Action<MetricFamily> dropped)
    {
        Name = PrometheusName.Metric(instrument, traits.Kind);
        NameUtf8 = Encoding.UTF8.GetBytes(Name);
        Help = instrument.Description ?? "";
        Kind = traits.Kind;
        Observed = traits.Observed;
        _constant = [.. instrument.Meter.Tags ?? [], .. instrument.Tags ?? []];
        _create = traits.CreateSeries;
        _maxSeries = maxSeries;
        _dropped = dropped;
        _lookup = _byTags.GetAlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>>();
    }

    public string Name { get; }

    public byte[] NameUtf8 { get; }

    public string Help { get; }

    public MetricKind Kind { get; }

    /// <summary>True when values are asked for at each scrape: what is not told any more is gone.</summary>
    public bool Observed { get; }

    /// <summary>Instruments that feed it; guarded by the exporter's lock.</summary>
    public int Instruments { get; set; }

    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags, long collection)
    {
        if (!_lookup.TryGetValue(tags, out var series))
        {
            series = Create(tags);
        }
        if (series is null || !series.Record(value))
        {
            _dropped(this);
            return;
        }
        if (Observed)
        {
            series.Collection = collection;
        }
    }

    /// <summary>Makes sure that the series exists; a new one starts at zero.</summary>
    /// <returns>Null when the metric has as many series as it may.</returns>
    public Series? Create(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        // Looked at before anything is rendered: a flood of label values must stay cheap.
        if (_count >= _maxSeries)
        {
            return null;
        }
        lock (_change)
        {
            if (_lookup.TryGetValue(tags, out var existing))
            {
                return existing;
            }
            if (_count >= _maxSeries)
            {
                return null;
            }
            var labels = LabelSet.From(_constant, tags);
            if (!_byLabels.TryGetValue(labels.Rendered, out var series))
            {
                series = _create(labels);
                _byLabels.Add(labels.Rendered, series);
                Changed();
            }
            if (_byTags.Count < 2 * _maxSeries)
            {
                var alias = tags.ToArray();
                series.Aliases.Add(alias);
                _byTags[alias] = series;
            }
            return series;
        }
    }

    /// <summary>Forgets the series that carry all of these tags.</summary>
    public int Remove(ReadOnlySpan<KeyValuePair<string, object?>> matching)
    {
        var removed = 0;
        lock (_change)
        {
            foreach (var series in Sorted())
            {
                if (series.Labels.Contains(matching))
                {
                    Forget(series);
                    removed++;
                }
            }
            Changed();
        }
        return removed;
    }

    public void WriteTo(ref TextFormatWriter writer, long collection)
    {
        if (Observed)
        {
            RemoveUnobserved(collection);
        }
        var series = Sorted();
        if (series.Length == 0)
        {
            return;
        }
        writer.Header(this);
        foreach (var one in series)
        {
            one.WriteTo(ref writer, this);
        }
    }

    private void RemoveUnobserved(long collection)
    {
        lock (_change)
        {
            var gone = Sorted().Where(series => series.Collection != collection).ToList();
            if (gone.Count > 0)
            {
                gone.ForEach(Forget);
                Changed();
            }
        }
    }

    private Series[] Sorted()
    {
        if (_sorted is { } sorted)
        {
            return sorted;
        }
        lock (_change)
        {
            return _sorted ??= [.. _byLabels.Values];
        }
    }

    private void Changed()
    {
        _count = _byLabels.Count;
        _sorted = null;
    }

    private void Forget(Series series)
    {
        _byLabels.Remove(series.Labels.Rendered);
        foreach (var alias in series.Aliases)
        {
            _byTags.TryRemove(alias, out _);
        }
    }
}
