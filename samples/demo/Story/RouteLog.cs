using ModelOperator.Api.ModelRoutes;

namespace ModelOperator.Demo.Story;

/// <summary>Every weight that the operator ever wrote for a revision, in order, with the time it was seen.</summary>
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
            var weights = route.Spec.Backends.ToDictionary(b => b.Revision, b => b.Weight);
            var isNew = _entries.Count == 0 || !_entries[^1].Weights.OrderBy(w => w.Key).SequenceEqual(weights.OrderBy(w => w.Key));
            _entries.Add(new Entry(time.GetTimestamp(), weights));
            return isNew;
        }
    }

    /// <summary>The weights that a revision had, in order, repeats left out.</summary>
    public IReadOnlyList<int> WeightsOf(string revision)
    {
        lock (_lock)
        {
            var weights = _entries.Where(e => e.Weights.ContainsKey(revision)).Select(e => e.Weights[revision]).ToList();
            return [.. weights.Where((weight, i) => i == 0 || weights[i - 1] != weight)];
        }
    }

    /// <summary>The time from a revision's first weight above 0 to the route that took it away, as timestamps.</summary>
    public (long From, long To) OnTrial(string revision)
    {
        lock (_lock)
        {
            var first = _entries.FindIndex(e => e.Weights.GetValueOrDefault(revision) > 0);
            var over = _entries.FindIndex(Math.Max(first, 0), e => e.Weights.GetValueOrDefault(revision) == 0);
            return first < 0 ? (0, 0) : (_entries[first].At, over < 0 ? long.MaxValue : _entries[over].At);
        }
    }

    private sealed record Entry(long At, Dictionary<string, int> Weights);
}
