namespace ModelOperator.Controller.Rollouts;

/// <summary>The route as it was last written, and who serves it.</summary>
/// <param name="Arms">What is written; empty when there is no route.</param>
/// <param name="ReadyRouters">Routers that are ready.</param>
/// <param name="ConfirmingRouters">Those of them that serve exactly what is written.</param>
internal sealed record RouteView(IReadOnlyList<RouteArm> Arms, int ReadyRouters, int ConfirmingRouters)
{
    public static readonly RouteView Absent = new([], 0, 0);

    /// <summary>Whether what is written is what is served: by every ready router, and there is one.</summary>
    public bool IsConfirmed => ReadyRouters > 0 && ConfirmingRouters == ReadyRouters;

    /// <summary>The share that is written for a revision; 0 when the route does not name it.</summary>
    public int WeightOf(string? revision) => Arms.FirstOrDefault(arm => arm.Revision == revision)?.Weight ?? 0;

    /// <summary>Whether no router can be sending anything to a revision, failovers included.</summary>
    public bool IsDrained(string revision) =>
        IsConfirmed && Arms.All(arm => arm.Revision != revision || (!arm.GetsRequests && arm.Role == ArmRole.Candidate));

    /// <summary>Whether every router sends at least this share to a revision.</summary>
    public bool Serves(string revision, int weight) => IsConfirmed && WeightOf(revision) >= weight;

    /// <summary>Whether every router gives a revision what a step asks for.</summary>
    public bool Serves(string revision, TrafficStep step) =>
        Serves(revision, step.Weight)
        && Arms.FirstOrDefault(arm => arm.Revision == revision) is { } arm && arm.Mirror >= step.Mirror && arm.Match.Equals(step.Match);
}
