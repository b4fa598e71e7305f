namespace ModelOperator.Controller.Rollouts;

/// <summary>The route as it was last written, and who serves it.</summary>
/// <param name="Arms">What is written; empty when there is no route.</param>
/// <param name="ReadyRouters">Routers that are ready; of an HTTPRoute, the Gateways that it names.</param>
/// <param name="ConfirmingRouters">Those of them that serve exactly what is written.</param>
internal sealed record RouteView(IReadOnlyList<RouteArm> Arms, int ReadyRouters, int ConfirmingRouters)
{
    public static readonly RouteView Absent = new([], 0, 0);

    /// <summary>Why a Gateway is not known to serve what is written; null when it is, and for routers, whose numbers tell.</summary>
    public RouteLag? Lag { get; init; }

    /// <summary>Whether the route also names revisions that get nothing, and which one others fail over to. An HTTPRoute does not.</summary>
    public bool NamesIdleArms { get; init; } = true;

    /// <summary>
    /// The route of another provider that is about to take this one's place; null when none is. Requests may come by either, so
    /// what is believed of shares holds for both.
    /// </summary>
    public RouteView? Successor { get; init; }

    /// <summary>Whether what is written is what is served: by every ready router, and there is one.</summary>
    public bool IsConfirmed => IsServedHere && Successor is not { IsConfirmed: false };

    /// <summary>Whether that holds of this route, whatever is about to take its place.</summary>
    public bool IsServedHere => ReadyRouters > 0 && ConfirmingRouters == ReadyRouters;

    /// <summary>Whether the route says these shares.</summary>
    public bool Says(IReadOnlyList<RouteArm> arms)
    {
        var same = NamesIdleArms ? arms.SequenceEqual(Arms) : Busy(arms).SequenceEqual(Busy(Arms));
        return same && Successor?.Says(arms) != false;
    }

    /// <summary>The share that is written for a revision; 0 when the route does not name it.</summary>
    public int WeightOf(string? revision) => Arms.FirstOrDefault(arm => arm.Revision == revision)?.Weight ?? 0;

    /// <summary>Whether no router can be sending anything to a revision, failovers included.</summary>
    public bool IsDrained(string revision) => IsServedHere
        && Arms.All(arm => arm.Revision != revision || (!arm.GetsRequests && arm.Role == ArmRole.Candidate))
        && Successor?.IsDrained(revision) != false;

    /// <summary>Whether every router sends at least this share to a revision.</summary>
    public bool Serves(string revision, int weight) => IsServedHere && WeightOf(revision) >= weight && Successor?.Serves(revision, weight) != false;

    /// <summary>Whether every router gives a revision what a step asks for.</summary>
    public bool Serves(string revision, TrafficStep step) =>
        Serves(revision, step.Weight)
        && Arms.FirstOrDefault(arm => arm.Revision == revision) is { } arm && arm.Mirror >= step.Mirror && arm.Match.Equals(step.Match)
        && Successor?.Serves(revision, step) != false;

    private static IEnumerable<RouteArm> Busy(IEnumerable<RouteArm> arms) => arms
        .Where(arm => arm.GetsRequests)
        .Select(arm => arm with { Role = ArmRole.Candidate })
        .OrderBy(arm => arm.Revision, StringComparer.Ordinal);
}
