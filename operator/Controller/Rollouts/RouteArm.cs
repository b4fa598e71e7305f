namespace ModelOperator.Controller.Rollouts;

/// <summary>A revision's place in the route.</summary>
/// <param name="Revision">The ModelRevision's name.</param>
/// <param name="Role">Whether it is on trial.</param>
/// <param name="Weight">Percent of the requests.</param>
internal sealed record RouteArm(string Revision, ArmRole Role, int Weight)
{
    /// <summary>Percent of the other's requests that it gets a copy of.</summary>
    public int Mirror { get; init; }

    /// <summary>Callers that always get it.</summary>
    public CallerMatches Match { get; init; } = CallerMatches.None;

    /// <summary>Whether it may get any request at all, as long as it is not what others fail over to.</summary>
    public bool GetsRequests => Weight > 0 || Mirror > 0 || !Match.IsEmpty;
}
