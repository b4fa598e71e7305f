namespace ModelOperator.Judgement.Counters;

/// <summary>
/// When Prometheus takes samples. A look right after a sample sees what is new at once; one at any other time sees the same, later. Pure.
/// </summary>
/// <param name="NewestAt">When the newest sample was taken.</param>
/// <param name="Interval">The time between samples.</param>
internal readonly record struct SampleRhythm(DateTimeOffset NewestAt, TimeSpan Interval)
{
    /// <summary>The time that a sample takes from being asked for to being there for queries, usually.</summary>
    public static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(40);

    /// <summary>How long a sample that is late is waited for, at most.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Whether samples still come.</summary>
    public bool IsAliveAt(DateTimeOffset now) => now - NewestAt < 3 * Interval && NewestAt - now < Interval;

    /// <summary>
    /// The time of the look after a given one: of all right after a sample, the one that comes nearest to an interval after the sample that
    /// the last look saw, however late it was.
    /// </summary>
    public DateTimeOffset After(DateTimeOffset lookAt, TimeSpan interval)
    {
        var seen = Math.Floor((lookAt - NewestAt) / Interval);
        return Look(seen + Math.Max(1, Math.Round(interval / Interval)));
    }

    /// <summary>The time of a step's first look: the last that is not later than it is due, but sees a sample from within the step.</summary>
    public DateTimeOffset First(DateTimeOffset stepStartedAt, TimeSpan interval)
    {
        var before = Math.Floor((stepStartedAt - NewestAt) / Interval);
        var due = Math.Floor(((stepStartedAt + interval - Settling - NewestAt) / Interval) + 0.1);
        return Look(Math.Max(due, before + 1));
    }

    /// <summary>Whether the sample that a look was to see is not there yet, but will be soon.</summary>
    public bool IsAwaited(DateTimeOffset look, DateTimeOffset now) =>
        NewestAt < look - Settling - (Interval / 4) && now < look + (Interval / 2 < Patience ? Interval / 2 : Patience);

    /// <summary>Whether there may be a sample by now that is newer than the newest.</summary>
    public bool ExpectsMoreAt(DateTimeOffset now) => now >= NewestAt + Interval;

    private DateTimeOffset Look(double samplesFromNewest) => NewestAt + (samplesFromNewest * Interval) + Settling;
}
