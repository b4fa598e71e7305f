namespace ModelOperator.Controller.Rollouts;

/// <summary>What a revision is to the router, which answers what fails on a Candidate from Stable.</summary>
internal enum ArmRole
{
    Stable,
    Candidate,
}
