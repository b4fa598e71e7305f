using ModelOperator.Router.Routing;

namespace ModelOperator.Router.Telemetry;

/// <summary>Tells which revisions have been in no route for so long that nobody asks for their figures any more.</summary>
internal sealed class RevisionRetention(TimeSpan retention)
{
    private readonly Dictionary<RevisionKey, DateTimeOffset> _lastNamed = [];

    /// <summary>Looks at the routes of this moment.</summary>
    /// <returns>The revisions to forget; each is told once.</returns>
    public IReadOnlyList<RevisionKey> Observe(RouteTable table, DateTimeOffset now)
    {
        foreach (var route in table.Routes)
        {
            foreach (var backend in route.Backends)
            {
                _lastNamed[new RevisionKey(route.Namespace, route.Name, backend.Revision)] = now;
            }
        }
        List<RevisionKey> expired = [.. _lastNamed.Where(one => now - one.Value >= retention).Select(one => one.Key)];
        expired.ForEach(key => _lastNamed.Remove(key));
        return expired;
    }
}
