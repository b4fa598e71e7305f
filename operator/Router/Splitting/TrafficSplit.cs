using System.Collections.Immutable;
using ModelOperator.Router.Routing;

namespace ModelOperator.Router.Splitting;

/// <summary>Which backend takes the next request. Immutable but for the cursor; any number of threads may ask.</summary>
internal sealed class TrafficSplit
{
    private readonly ImmutableArray<Backend> _arms;
    private readonly int[] _weights;
    private readonly ulong[] _keys;
    private readonly byte[] _schedule;
    private readonly SplitCursor _cursor;

    /// <param name="arms">Backends and their weights, in any unit; not all zero.</param>
    /// <param name="cursor">The route's cursor.</param>
    public TrafficSplit(ImmutableArray<(Backend Backend, int Weight)> arms, SplitCursor cursor)
    {
        _arms = [.. arms.Select(arm => arm.Backend)];
        _weights = [.. arms.Select(arm => arm.Weight)];
        _keys = [.. arms.Select(arm => WeightedRendezvous.KeyOf(arm.Backend.Revision))];
        _schedule = SplitSchedule.Create(_weights);
        _cursor = cursor;
    }

    /// <summary>Takes the next turn.</summary>
    public Backend Next() => _arms.Length == 1 ? _arms[0] : _arms[_schedule[_cursor.Advance() % (ulong)_schedule.Length]];

    /// <summary>The backend of a caller.</summary>
    /// <param name="caller">See <see cref="WeightedRendezvous.KeyOf"/>.</param>
    public Backend Of(ulong caller) => _arms[WeightedRendezvous.Choose(caller, _keys, _weights)];
}
