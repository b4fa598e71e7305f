namespace ModelOperator.Api.Conventions;

/// <summary>What <c>status.outcome</c> of a ModelRevision can be.</summary>
public static class RevisionOutcomes
{
    public const string Candidate = "Candidate";
    public const string Stable = "Stable";

    /// <summary>It was stable, and another followed it.</summary>
    public const string Promoted = "Promoted";

    public const string RolledBack = "RolledBack";
    public const string Superseded = "Superseded";
}
