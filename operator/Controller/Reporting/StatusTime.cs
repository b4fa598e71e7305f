namespace ModelOperator.Controller.Reporting;

/// <summary>The clock of what is written into a status: no finer than a person or another program reads it.</summary>
internal static class StatusTime
{
    /// <summary>Now, to the millisecond.</summary>
    public static DateTimeOffset GetStatusNow(this TimeProvider time)
    {
        var now = time.GetUtcNow();
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMillisecond));
    }

    /// <summary>To the second, as <c>metav1.Time</c> is.</summary>
    public static DateTime ToSeconds(DateTime time) => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerSecond));
}
