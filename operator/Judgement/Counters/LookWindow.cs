namespace ModelOperator.Judgement.Counters;

/// <summary>The time that a look judges: after <see cref="From"/>, up to and including <see cref="To"/>.</summary>
internal readonly record struct LookWindow(DateTimeOffset From, DateTimeOffset To)
{
    /// <summary>The longest window: a long step is judged by its recent past, and answers stay small.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(30);

    /// <summary>Everything since the step began, at most <see cref="Longest"/>; never anything before the step.</summary>
    public static LookWindow Since(DateTimeOffset stepStartedAt, DateTimeOffset now) =>
        new(now - stepStartedAt > Longest ? now - Longest : stepStartedAt, now);

    /// <summary>Its length in whole seconds that do not reach back before it; at least one, the shortest range that means anything.</summary>
    public long WholeSeconds => Math.Max(1, (long)Math.Floor((To - From).TotalSeconds));

    /// <summary>A length in whole seconds that covers it; what lies before <see cref="From"/> is clipped by <see cref="Contains"/>.</summary>
    public long CoveringSeconds => Math.Max(1, (long)Math.Ceiling((To - From).TotalSeconds));

    public bool Contains(DateTimeOffset at) => at > From && at <= To;
}
