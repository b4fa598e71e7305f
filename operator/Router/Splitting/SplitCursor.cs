namespace ModelOperator.Router.Splitting;

/// <summary>
/// How many requests of a route have been split so far. It outlives the schedules it walks: starting over at every
/// change of a route would give an arm of one percent nothing while pods come and go.
/// </summary>
/// <param name="start">
/// Where to begin. Routers that start together should begin at different places, else all of them send the
/// candidate its requests at the same moments.
/// </param>
internal sealed class SplitCursor(ulong start)
{
    private ulong _position = start;

    /// <summary>The next position; no two callers get the same.</summary>
    public ulong Advance() => Interlocked.Increment(ref _position);
}
