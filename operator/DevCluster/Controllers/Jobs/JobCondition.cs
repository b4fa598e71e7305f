namespace ModelOperator.DevCluster.Controllers.Jobs;

/// <summary>One aspect of a job's state.</summary>
internal sealed record JobCondition
{
    public string Type { get; init; } = "";

    public string Status { get; init; } = "";

    public DateTime? LastProbeTime { get; init; }

    public DateTime? LastTransitionTime { get; init; }

    public string? Reason { get; init; }

    public string? Message { get; init; }

    public static JobCondition True(string type, string reason, string message, DateTimeOffset now) =>
        Of(type, isTrue: true, reason, message, now);

    public static JobCondition False(string type, string reason, string message, DateTimeOffset now) =>
        Of(type, isTrue: false, reason, message, now);

    private static JobCondition Of(string type, bool isTrue, string reason, string message, DateTimeOffset now) => new()
    {
        Type = type,
        Status = isTrue ? "True" : "False",
        Reason = reason,
        Message = message,
        LastProbeTime = Seconds(now),
        LastTransitionTime = Seconds(now),
    };

    /// <summary>The API's times have no fractions.</summary>
    internal static DateTime Seconds(DateTimeOffset time) => time.UtcDateTime.AddTicks(-(time.UtcTicks % TimeSpan.TicksPerSecond));
}
