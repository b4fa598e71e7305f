using ModelOperator.Judgement.Counters;
namespace ModelOperator.Controller.Analysis.Counters;

/// <summary>How far one series has risen at which time, from its raw samples; restarts are taken out as <see cref="CounterIncrease"/> does.</summary>
/// <param name="labels">The series' labels.</param>
/// <param name="baseValue">What it stood at before its first sample; null when it did not exist then.</param>
internal sealed class SeriesTrack(IReadOnlyDictionary<string, string> labels, double? baseValue)
{
    private static readonly TimeSpan Apart = TimeSpan.FromSeconds(45);
    private const int Many = 60;

    private readonly List<Sample> _risen = [];
    private double? _last = baseValue;
    private double _total;

    public IReadOnlyDictionary<string, string> Labels { get; } = labels;

    /// <summary>When its newest sample was scraped; null before the first.</summary>
    public DateTimeOffset? NewestAt => _risen is [.., var newest] ? newest.At : null;

    /// <summary>The time between its two newest samples; null before the second.</summary>
    public TimeSpan? Spacing => _risen is [.., var before, var newest] ? newest.At - before.At : null;

    /// <summary>Takes in the samples that are newer than those it has.</summary>
    public void Add(IReadOnlyList<Sample> samples)
    {
        foreach (var sample in samples)
        {
            if (_risen is [.., var newest] && sample.At <= newest.At)
            {
                continue;
            }

            _total += CounterIncrease.Of(_last, [sample.Value]);
            _last = double.IsFinite(sample.Value) && sample.Value >= 0 ? sample.Value : _last;
            _risen.Add(new Sample(sample.At, _total));
        }
    }

    /// <summary>The rise inside a window and the newest sample in it; null when there is none.</summary>
    public (double Increase, DateTimeOffset NewestAt)? In(LookWindow window)
    {
        var (before, inside) = (0.0, default(Sample?));
        foreach (var point in _risen)
        {
            if (point.At <= window.From)
            {
                before = point.Value;
            }
            else if (point.At <= window.To)
            {
                inside = point;
            }
        }

        return inside is { } newest ? (newest.Value - before, newest.At) : null;
    }

    /// <summary>
    /// Forgets what no window needs any more: what lies before the oldest one, and, once there are many, samples closer together than
    /// three quarters of a minute. What a window that keeps its beginning is measured from stays.
    /// </summary>
    public void Trim(DateTimeOffset oldest, DateTimeOffset from)
    {
        var first = Math.Max(0, _risen.FindLastIndex(point => point.At <= oldest));
        _risen.RemoveRange(0, first);
        if (_risen.Count <= Many)
        {
            return;
        }

        var anchor = _risen.FindLastIndex(point => point.At <= from);
        var recent = _risen.Count - (Many / 3);
        var kept = new List<Sample>();
        for (var i = 0; i < _risen.Count; i++)
        {
            if (i == anchor || i >= recent || kept.Count == 0 || _risen[i].At - kept[^1].At >= Apart)
            {
                kept.Add(_risen[i]);
            }
        }

        _risen.Clear();
        _risen.AddRange(kept);
    }
}
