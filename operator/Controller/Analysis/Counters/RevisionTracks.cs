using ModelOperator.Controller.Analysis.Prometheus;
using ModelOperator.Judgement.Counters;

namespace ModelOperator.Controller.Analysis.Counters;

/// <summary>What is kept of one revision's counter.</summary>
/// <param name="from">Windows that begin earlier need what is not kept here.</param>
/// <param name="names">Of all revisions' series.</param>
internal sealed class RevisionTracks(DateTimeOffset from, SeriesNames names)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, SeriesTrack> _series = new(StringComparer.Ordinal);

    /// <summary>Windows that begin earlier need what is not kept here.</summary>
    public DateTimeOffset From { get; private set; } = from;

    /// <summary>Everything scraped up to here has been read.</summary>
    public DateTimeOffset To { get; private set; } = from;

    /// <summary>When the next look is expected.</summary>
    public DateTimeOffset DueAt { get; set; }

    /// <summary>When samples come, going by the series whose next one is due first; null when that is not known.</summary>
    public SampleRhythm? Rhythm { get; private set; }

    public void Begin(IEnumerable<PrometheusSeries> bases)
    {
        foreach (var series in bases.Where(series => series.Samples.Count > 0))
        {
            var name = names.Of(series.Labels);
            _series[name.Identity] = new SeriesTrack(name.Labels, series.Samples[^1].Value);
        }
    }

    public void Add(IEnumerable<PrometheusSeries> range, DateTimeOffset to)
    {
        using var held = _lock.EnterScope();
        foreach (var series in range)
        {
            var name = names.Of(series.Labels);
            if (!_series.TryGetValue(name.Identity, out var track))
            {
                _series.Add(name.Identity, track = new SeriesTrack(name.Labels, baseValue: null));
            }

            track.Add([.. series.Samples.Where(sample => sample.At > From && sample.At <= to).OrderBy(sample => sample.At)]);
        }

        To = to;
        Rhythm = FindRhythm() ?? Rhythm;
    }

    /// <summary>The rises inside a window.</summary>
    /// <param name="window">At most up to <see cref="To"/>.</param>
    /// <param name="since">The earliest that windows will begin at from now on.</param>
    public CounterReading Read(LookWindow window, DateTimeOffset since)
    {
        using var held = _lock.EnterScope();
        var oldest = window.To - LookWindow.Longest;
        var increases = new List<SeriesIncrease>();
        var (newest, seen) = (default(DateTimeOffset?), default(DateTimeOffset?));
        foreach (var track in _series.Values)
        {
            seen = Later(seen, track.NewestAt);
            if (track.In(window) is var (increase, at))
            {
                increases.Add(new SeriesIncrease(track.Labels, increase));
                newest = Later(newest, at);
            }

            track.Trim(oldest, since);
        }

        From = From > oldest ? From : oldest;
        return new CounterReading(increases, newest) { To = window.To, SeenAt = seen };
    }

    private SampleRhythm? FindRhythm()
    {
        SampleRhythm? first = null;
        var newest = _series.Values.Max(track => track.NewestAt);
        foreach (var track in _series.Values)
        {
            // A pod that is gone takes no samples any more.
            if (track is { NewestAt: { } at, Spacing: { } spacing } && newest - at < 1.5 * spacing && (first is not { } other || at < other.NewestAt))
            {
                first = new SampleRhythm(at, spacing);
            }
        }

        return first;
    }

    private static DateTimeOffset? Later(DateTimeOffset? a, DateTimeOffset? b) => a is null || b > a ? b : a;
}
