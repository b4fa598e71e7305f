using System.Collections.Immutable;
using ModelOperator.Router.Balancing;
using ModelOperator.Router.Failover;
using ModelOperator.Router.Matching;
using ModelOperator.Router.Mirroring;
using ModelOperator.Router.Telemetry;

namespace ModelOperator.Router.Routing;

/// <summary>One revision of a route, as of one moment.</summary>
internal sealed class Backend
{
    public required string Revision { get; init; }

    public required BackendRole Role { get; init; }

    /// <summary>The weight that the route states, whether or not there are endpoints.</summary>
    public required int Weight { get; init; }

    public string? Version { get; init; }

    public string? Digest { get; init; }

    /// <summary>The ready ones; where none is, those that still serve while they end.</summary>
    public required ImmutableArray<PodEndpoint> Endpoints { get; init; }

    public required ArmLabels Labels { get; init; }

    /// <summary>A request that meets one of these is this revision's.</summary>
    public ImmutableArray<CallerMatch> Matches { get; init; } = [];

    /// <summary>For a candidate that stable can answer for; null for others. One for every generation of the route.</summary>
    public Circuit? Circuit { get; init; }

    /// <summary>Which of the others' requests it gets a copy of; null: none.</summary>
    public byte[]? MirrorSchedule { get; init; }

    public required MirrorLane MirrorLane { get; init; }

    public bool IsReady => !Endpoints.IsEmpty;
}
