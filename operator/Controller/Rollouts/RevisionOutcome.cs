using ModelOperator.Api.Conventions;

namespace ModelOperator.Controller.Rollouts;

/// <summary>What became of a revision, for its record.</summary>
/// <param name="Revision">The ModelRevision's name.</param>
/// <param name="Outcome">Candidate, Stable, Promoted, RolledBack or Superseded.</param>
/// <param name="Reason">Why, in words.</param>
internal sealed record RevisionOutcome(string Revision, string Outcome, string Reason)
{
    public const string Candidate = RevisionOutcomes.Candidate;
    public const string Stable = RevisionOutcomes.Stable;
    public const string Promoted = RevisionOutcomes.Promoted;
    public const string RolledBack = RevisionOutcomes.RolledBack;
    public const string Superseded = RevisionOutcomes.Superseded;
}
