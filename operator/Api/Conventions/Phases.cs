namespace ModelOperator.Api.Conventions;

/// <summary>What <c>status.phase</c> of a ModelDeployment can be.</summary>
public static class Phases
{
    public const string Pending = "Pending";
    public const string Progressing = "Progressing";
    public const string Paused = "Paused";
    public const string Baking = "Baking";
    public const string Available = "Available";
    public const string RollingBack = "RollingBack";
    public const string RolledBack = "RolledBack";
    public const string Degraded = "Degraded";

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<string> All = [Pending, Progressing, Paused, Baking, Available, RollingBack, RolledBack, Degraded];
}
