namespace ModelOperator.Controller.Rollouts;

/// <summary>What became of a revision, for its record.</summary>
/// <param name="Revision">The ModelRevision's name.</param>
/// <param name="Outcome">Candidate, Stable, Promoted, RolledBack or Superseded.</param>
/// <param name="Reason">Why, in words.</param>
internal sealed record RevisionOutcome(string Revision, string Outcome, string Reason)
{
    public const string Candidate = "Candidate";
    public const string Stable = "Stable";
    public const string Promoted = "Promoted";
    public const string RolledBack = "RolledBack";
    public const string Superseded = "Superseded";
}
