namespace ModelOperator.Api.Conventions;

/// <summary>Condition types of a ModelDeployment. Ready, Reconciling and Stalled follow kstatus.</summary>
public static class ConditionTypes
{
    public const string Ready = "Ready";
    public const string Reconciling = "Reconciling";
    public const string Stalled = "Stalled";
    public const string Progressing = "Progressing";
    public const string Paused = "Paused";
    public const string AnalysisHealthy = "AnalysisHealthy";
    public const string MetricsAvailable = "MetricsAvailable";
    public const string WeightAchieved = "WeightAchieved";
    public const string RolledBack = "RolledBack";
}
