using ModelOperator.Controller.Analysis.Prometheus;

namespace ModelOperator.Controller.Analysis.Counters;

/// <summary>What is kept of one revision's counter.</summary>
internal sealed class RevisionTracks(DateTimeOffset from)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, SeriesTrack> _series = new(StringComparer.Ordinal);

    /// <summary>Windows that begin earlier need what is not kept here.</summary>
    public DateTimeOffset From { get; private set; } = from;

    /// <summary>Everything scraped up to here has been read.</summary>
    public DateTimeOffset To { get; private set; } = from;

    /// <summary>When the next look is expected.</summary>
    public DateTimeOffset DueAt { get; set; }

    public void Begin(IEnumerable<PrometheusSeries> bases)
    {
        foreach (var series in bases.Where(series => series.Samples.Count > 0))
        {
            _series[series.Identity] = new SeriesTrack(series.Labels, series.Samples[^1].Value);
        }
    }

    public void Add(IEnumerable<PrometheusSeries> range, DateTimeOffset to)
    {
        using var held = _lock.EnterScope();
        foreach (var series in range)
        {
            if (!_series.TryGetValue(series.Identity, out var track))
            {
                _series.Add(series.Identity, track = new SeriesTrack(series.Labels, baseValue: null));
            }

            track.Add([.. series.Samples.Where(sample => sample.At > From && sample.At <= to).OrderBy(sample => sample.At)]);
        }

        To = to;
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

    private static DateTimeOffset? Later(DateTimeOffset? a, DateTimeOffset? b) => a is null || b > a ? b : a;
}
