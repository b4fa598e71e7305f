namespace ModelOperator.Cli.Output;

/// <summary>Writes how long ago or how soon something is, the way kubectl writes ages.</summary>
internal static class Age
{
    public static string Of(TimeSpan age) => age switch
    {
        { Ticks: < 0 } => "0s",
        { TotalMinutes: < 2 } => $"{(int)age.TotalSeconds}s",
        { TotalMinutes: < 10 } => Two((int)age.TotalMinutes, "m", age.Seconds, "s"),
        { TotalHours: < 3 } => $"{(int)age.TotalMinutes}m",
        { TotalHours: < 8 } => Two((int)age.TotalHours, "h", age.Minutes, "m"),
        { TotalDays: < 2 } => $"{(int)age.TotalHours}h",
        { TotalDays: < 8 } => Two((int)age.TotalDays, "d", age.Hours, "h"),
        { TotalDays: < 365 * 2 } => $"{(int)age.TotalDays}d",
        _ => $"{(int)(age.TotalDays / 365)}y",
    };

    /// <summary>How long ago; empty when it is not known.</summary>
    public static string Since(DateTime? time, DateTimeOffset now) => time is { } at ? Of(now.UtcDateTime - at) : "";

    /// <summary>When it is, from now: <c>in 3m10s</c> or <c>2m ago</c>.</summary>
    public static string From(DateTime time, DateTimeOffset now) =>
        time >= now.UtcDateTime ? $"in {Of(time - now.UtcDateTime)}" : $"{Of(now.UtcDateTime - time)} ago";

    private static string Two(int large, string unit, int small, string smaller) => small == 0 ? $"{large}{unit}" : $"{large}{unit}{small}{smaller}";
}
