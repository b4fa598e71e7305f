using ModelOperator.Api.ModelRoutes;

namespace ModelOperator.Demo.Story;

/// <summary>Every weight that the operator ever wrote for a revision, in order.</summary>
internal sealed class RouteLog
{
    private readonly Lock _lock = new();
    private readonly List<(long Generation, string Revision, string Role, int Weight)> _entries = [];
    private long _generation;

    /// <summary>Takes in a version of the route; true when it is a new one.</summary>
    public bool Record(V1Alpha1ModelRoute route)
    {
        lock (_lock)
        {
            if (route.Metadata.Generation is not { } generation || generation <= _generation)
            {
                return false;
            }

            _generation = generation;
            _entries.AddRange(route.Spec.Backends.Select(b => (generation, b.Revision, b.Role, b.Weight)));
            return true;
        }
    }

    /// <summary>The weights that a revision had as a candidate, in order, repeats left out.</summary>
    public IReadOnlyList<int> CandidateWeights(string revision)
    {
        lock (_lock)
        {
            var weights = _entries.Where(e => e.Revision == revision && e.Role == "Candidate").Select(e => e.Weight).ToList();
            return [.. weights.Where((weight, i) => i == 0 || weights[i - 1] != weight)];
        }
    }
}
