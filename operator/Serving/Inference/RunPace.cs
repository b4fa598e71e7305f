namespace ModelOperator.Serving.Inference;

/// <summary>
/// Follows the median of how long runs take. Whether a request may run on the thread that polls its socket depends on it: a hand-over
/// to another thread costs some microseconds, and so does waiting behind a run that is as short.
/// </summary>
internal sealed class RunPace
{
    private const double BriefMicroseconds = 200;
    private const double MostMicroseconds = 10_000;
    private const double Step = 1.05;

    // Not known to be brief before some runs were.
    private double _median = 1000;

    public bool IsBrief => Volatile.Read(ref _median) < BriefMicroseconds;

    /// <summary>
    /// A step up for a longer run and down for a shorter one ends where half of them are longer, whatever the longest are. Threads that
    /// do this at a time may lose a step.
    /// </summary>
    public void Ran(TimeSpan took)
    {
        var median = Volatile.Read(ref _median);
        median = took.TotalMicroseconds > median ? median * Step : median / Step;
        Volatile.Write(ref _median, Math.Clamp(median, 1, MostMicroseconds));
    }
}
