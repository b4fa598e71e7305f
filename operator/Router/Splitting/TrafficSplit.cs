using System.Collections.Immutable;
using ModelOperator.Router.Routing;

namespace ModelOperator.Router.Splitting;

/// <summary>Which backend takes the next request. Immutable but for the cursor; any number of threads may ask.</summary>
internal sealed class TrafficSplit
{
    private readonly ImmutableArray<Backend> _arms;
    private readonly byte[] _schedule;
    private readonly SplitCursor _cursor;

    /// <param name="arms">Backends and their weights, in any unit; not all zero.</param>
    /// <param name="cursor">The route's cursor.</param>
    public TrafficSplit(ImmutableArray<(Backend Backend, int Weight)> arms, SplitCursor cursor)
    {
        _arms = [.. arms.Select(arm => arm.Backend)];
        _schedule = SplitSchedule.Create([.. arms.Select(arm => arm.Weight)]);
        _cursor = cursor;
    }

    /// <summary>Takes the next turn.</summary>
    public Backend Next() => _arms[_schedule[_cursor.Advance() % (ulong)_schedule.Length]];
}
