using System.Collections.Concurrent;

namespace ModelOperator.Controller.Analysis.Counters;

/// <summary>
/// The labels that tell a revision's series from each other. Every revision has series of the same routers, outcomes and buckets, so all
/// share what is kept of them.
/// </summary>
internal sealed class SeriesNames
{
    private const int Many = 100_000;

    private readonly ConcurrentDictionary<string, SeriesName> _names = new(StringComparer.Ordinal);

    /// <summary>The name of a series.</summary>
    /// <param name="labels">All its labels.</param>
    public SeriesName Of(IReadOnlyDictionary<string, string> labels)
    {
        var own = labels.Where(label => !SeriesName.OfSubject.Contains(label.Key)).OrderBy(label => label.Key, StringComparer.Ordinal);
        var identity = string.Join('\u0001', own.Select(label => $"{label.Key}\u0002{label.Value}"));
        if (_names.TryGetValue(identity, out var known))
        {
            return known;
        }

        if (_names.Count > Many)
        {
            // Pods come and go, and what still uses a name keeps it.
            _names.Clear();
        }

        return _names.GetOrAdd(identity, new SeriesName(identity, own.ToDictionary(StringComparer.Ordinal)));
    }
}
