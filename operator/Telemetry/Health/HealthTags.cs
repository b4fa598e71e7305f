namespace ModelOperator.Telemetry.Health;

/// <summary>Which probe a health check speaks to.</summary>
public static class HealthTags
{
    /// <summary>Failing means that only a restart helps.</summary>
    public const string Live = "live";

    /// <summary>Failing means that requests should go elsewhere for now.</summary>
    public const string Ready = "ready";
}
