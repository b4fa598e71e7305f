using ModelOperator.Router.Splitting;

namespace ModelOperator.Router.Mirroring;

/// <summary>
/// The copies that one revision gets. It outlives the versions of a route: a changed percentage starts nothing over, and
/// a candidate that hangs keeps its places taken.
/// </summary>
internal sealed class MirrorLane
{
    private readonly SplitCursor _turns = new(0);
    private int _inFlight;

    /// <summary>Copies that were sent and are not answered yet.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>Whether the next request is one to copy.</summary>
    /// <param name="schedule">Made by <see cref="ScheduleOf"/>.</param>
    public bool TakesTurn(byte[] schedule) => schedule[_turns.Advance() % (ulong)schedule.Length] == 1;

    /// <summary>Takes a place; false when the bound is reached.</summary>
    public bool TryEnter(int bound)
    {
        if (Interlocked.Increment(ref _inFlight) <= bound)
        {
            return true;
        }
        Interlocked.Decrement(ref _inFlight);
        return false;
    }

    public void Leave() => Interlocked.Decrement(ref _inFlight);

    /// <summary>The turns of a percentage, with exact shares as for a split.</summary>
    public static byte[] ScheduleOf(int percent) => SplitSchedule.Create([100 - percent, percent]);
}
