using System.Collections.Immutable;
using ModelOperator.Router.Balancing;
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

    /// <summary>The ready ones.</summary>
    public required ImmutableArray<PodEndpoint> Endpoints { get; init; }

    public required ArmLabels Labels { get; init; }

    public bool IsReady => !Endpoints.IsEmpty;
}
