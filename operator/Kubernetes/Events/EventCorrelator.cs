namespace ModelOperator.Kubernetes.Events;

/// <summary>
/// Decides what becomes of an occurrence, by the rules and numbers of client-go's recorder:
/// <list type="number">
/// <item>the tenth different message about one object, type and reason within ten minutes, and those after it, share one event;</item>
/// <item>an event that was written before is counted up instead of written again;</item>
/// <item>an object gets 25 events in a burst and then one in five minutes; more are left out (they are counted all the same).</item>
/// </list>
/// It remembers 4,096 of each. No I/O; one caller at a time.
/// </summary>
internal sealed class EventCorrelator
{
    internal const int Capacity = 4096;
    private const int SimilarEvents = 10;
    private const int Burst = 25;
    private const string CombinedPrefix = "(combined from similar events): ";
    private static readonly TimeSpan SimilarWithin = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan OneEvery = TimeSpan.FromMinutes(5);

    private readonly LeastRecentlyUsed<EventKey, Similar> _similar = new(Capacity);
    private readonly LeastRecentlyUsed<EventKey, Told> _told = new(Capacity);
    private readonly LeastRecentlyUsed<string, Allowance> _allowances = new(Capacity);

    /// <summary>Takes in an occurrence.</summary>
    public EventDecision Observe(EventOccurrence occurrence)
    {
        var (key, message) = Combine(occurrence);
        var told = _told.TryGet(key, out var before) ? before with { Count = before.Count + 1 } : new Told(null, 1);
        _told.Set(key, told);
        return new EventDecision(key, message, told.Name, told.Count, IsSpam: !TakeAllowance(key.Object, occurrence.At));
    }

    /// <summary>The decision was carried out: the event has this name.</summary>
    public void Written(EventDecision decision, string name) => _told.Set(decision.Key, new Told(name, decision.Count));

    private (EventKey Key, string Message) Combine(EventOccurrence occurrence)
    {
        var own = EventKey.Of(occurrence);
        var shared = own with { Message = null };
        var messages = _similar.TryGet(shared, out var similar) && occurrence.At - similar.LastAt <= SimilarWithin ? similar.Messages : [];
        if (messages.Count < SimilarEvents)
        {
            messages.Add(occurrence.Message);
        }

        _similar.Set(shared, new Similar(messages, occurrence.At));
        return messages.Count < SimilarEvents ? (own, occurrence.Message) : (shared, CombinedPrefix + occurrence.Message);
    }

    private bool TakeAllowance(string about, DateTime now)
    {
        var allowance = _allowances.TryGet(about, out var before)
            ? Math.Min(Burst, before.Left + ((now - before.At) / OneEvery))
            : Burst;
        _allowances.Set(about, new Allowance(allowance >= 1 ? allowance - 1 : allowance, now));
        return allowance >= 1;
    }

    private sealed record Similar(HashSet<string> Messages, DateTime LastAt);

    private sealed record Told(string? Name, int Count);

    private sealed record Allowance(double Left, DateTime At);
}
