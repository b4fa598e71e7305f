using ModelOperator.Api.ModelRoutes;

namespace ModelOperator.Demo.Story;

/// <summary>Every share and every copy that the operator ever wrote for a revision, in order, with the time it was seen.</summary>
internal sealed class RouteLog(TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly List<Entry> _entries = [];
    private long _generation;

    /// <summary>Takes in a version of the route; true when it shares the requests out differently.</summary>
    public bool Record(V1Alpha1ModelRoute route)
    {
        lock (_lock)
        {
            if (route.Metadata.Generation is not { } generation || generation <= _generation)
            {
                return false;
            }

            _generation = generation;
            var shares = route.Spec.Backends.ToDictionary(b => b.Revision, b => (b.Weight, b.Mirror ?? 0));
            var isNew = _entries.Count == 0 || !_entries[^1].Shares.OrderBy(s => s.Key).SequenceEqual(shares.OrderBy(s => s.Key));
            _entries.Add(new Entry(time.GetTimestamp(), shares));
            return isNew;
        }
    }

    /// <summary>The weights that a revision had, in order, repeats left out.</summary>
    public IReadOnlyList<int> WeightsOf(string revision) => HistoryOf(revision, share => share.Weight);

    /// <summary>The percent of the requests that a revision got a copy of, in order, repeats left out.</summary>
    public IReadOnlyList<int> CopiesOf(string revision) => HistoryOf(revision, share => share.Copies);

    /// <summary>The time from a revision's first weight above 0 to the route that took it away, as timestamps.</summary>
    public (long From, long To) OnTrial(string revision)
    {
        lock (_lock)
        {
            var first = _entries.FindIndex(e => e.Shares.GetValueOrDefault(revision).Weight > 0);
            var over = _entries.FindIndex(Math.Max(first, 0), e => e.Shares.GetValueOrDefault(revision).Weight == 0);
            return first < 0 ? (0, 0) : (_entries[first].At, over < 0 ? long.MaxValue : _entries[over].At);
        }
    }

    private IReadOnlyList<int> HistoryOf(string revision, Func<(int Weight, int Copies), int> part)
    {
        lock (_lock)
        {
            var history = _entries.Where(e => e.Shares.ContainsKey(revision)).Select(e => part(e.Shares[revision])).ToList();
            return [.. history.Where((value, i) => i == 0 || history[i - 1] != value)];
        }
    }

    private sealed record Entry(long At, Dictionary<string, (int Weight, int Copies)> Shares);
}
