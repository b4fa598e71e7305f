using System.Collections.Immutable;
using ModelOperator.Router.Matching;
using ModelOperator.Router.Splitting;

namespace ModelOperator.Router.Routing;

/// <summary>Where the requests of one ModelDeployment go, as of one moment. Immutable but for counts.</summary>
internal sealed class ModelRoute
{
    public required string Namespace { get; init; }

    public required string Name { get; init; }

    /// <summary><c>namespace/name</c>, as it stands in a request's path.</summary>
    public required string Key { get; init; }

    /// <summary><c>metadata.generation</c> of the ModelRoute.</summary>
    public required long Generation { get; init; }

    /// <summary>Whether a request that fails on a candidate is answered by stable.</summary>
    public required bool Failover { get; init; }

    public required ImmutableArray<Backend> Backends { get; init; }

    /// <summary>Counts this route's requests over all its versions.</summary>
    public required SplitCursor Cursor { get; init; }

    /// <summary>Null when no backend that should get requests is ready.</summary>
    public required TrafficSplit? Split { get; init; }

    /// <summary>Null: requests are split one by one.</summary>
    public required CallerKey? Sticky { get; init; }

    /// <summary>The ready backends that have requests of their own.</summary>
    public required ImmutableArray<Backend> Matching { get; init; }

    /// <summary>The ready backend that gets copies.</summary>
    public required Backend? Mirror { get; init; }

    /// <summary>The stable backend, if it is ready.</summary>
    public required Backend? ReadyStable { get; init; }
}
