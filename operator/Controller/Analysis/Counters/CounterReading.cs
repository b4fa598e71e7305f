using ModelOperator.Controller.Analysis.Prometheus;
using ModelOperator.Judgement.Counters;

namespace ModelOperator.Controller.Analysis.Counters;

/// <summary>A counter's series over a window.</summary>
/// <param name="Series">Every series that has a sample in the window.</param>
/// <param name="NewestAt">When the newest sample was scraped; null when there is none.</param>
internal sealed record CounterReading(IReadOnlyList<SeriesIncrease> Series, DateTimeOffset? NewestAt)
{
    /// <summary>How far it goes: everything scraped up to here is in it.</summary>
    public DateTimeOffset To { get; init; }

    /// <summary>When the newest sample was scraped that is known at all, also from before the window; null when there is none.</summary>
    public DateTimeOffset? SeenAt { get; init; }

    /// <summary>Joins the samples of a window with what each series stood at when the window began.</summary>
    /// <remarks>
    /// The base is the last sample at or before the window's start, so that nothing counted between it and the first sample inside is
    /// lost and neighbouring windows add up. What it lets in from before the window is less than one scrape interval.
    /// </remarks>
    /// <param name="range">Raw samples, possibly reaching back further than the window; those are clipped.</param>
    /// <param name="bases">One sample per series that existed when the window began; the metric's name may be missing.</param>
    public static CounterReading Join(IEnumerable<PrometheusSeries> range, IEnumerable<PrometheusSeries> bases, LookWindow window)
    {
        var baseValues = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var series in bases)
        {
            if (series.Samples is [.., var last])
            {
                baseValues[series.Identity] = last.Value;
            }
        }

        var increases = new List<SeriesIncrease>();
        DateTimeOffset? newest = null;
        foreach (var series in range)
        {
            var inside = series.Samples.Where(s => window.Contains(s.At)).OrderBy(s => s.At).ToList();
            if (inside.Count == 0)
            {
                continue;
            }

            double? baseValue = baseValues.TryGetValue(series.Identity, out var value) ? value : null;
            increases.Add(new SeriesIncrease(series.Labels, CounterIncrease.Of(baseValue, inside.Select(s => s.Value))));
            newest = newest is { } n && n > inside[^1].At ? n : inside[^1].At;
        }

        return new CounterReading(increases, newest) { To = window.To, SeenAt = newest };
    }
}
