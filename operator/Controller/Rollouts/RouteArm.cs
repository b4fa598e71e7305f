namespace ModelOperator.Controller.Rollouts;

/// <summary>A revision's place in the route.</summary>
/// <param name="Revision">The ModelRevision's name.</param>
/// <param name="Role">Whether it is on trial.</param>
/// <param name="Weight">Percent of the requests.</param>
internal sealed record RouteArm(string Revision, ArmRole Role, int Weight);
