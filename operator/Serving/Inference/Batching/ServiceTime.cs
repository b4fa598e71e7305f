namespace ModelOperator.Serving.Inference.Batching;

/// <summary>
/// How long a run takes, smoothed over the last ones, and what follows from it: how long a new request would wait, and how
/// long it may.
/// </summary>
internal sealed class ServiceTime(int slots, int maxBatch, TimeSpan? maxWait)
{
    /// <summary>The share of the last run in the average: about ten runs are remembered.</summary>
    private const double Weight = 0.1;

    /// <summary>
    /// Rows that wait in one of a hundred moments at nine tenths of the capacity, when arrivals are Poisson's and runs take equally
    /// long: ln(0.9 / 0.01) / (2 (1 - 0.9) / 0.9) = 20, and half as much again, so that 32 callers fit. A longer queue helps no burst of a server that
    /// keeps up; it only makes everybody wait in one that does not.
    /// </summary>
    private const int BurstRows = 32;

    /// <summary>Nobody minds this wait, and thousands of small requests fit in it.</summary>
    private static readonly TimeSpan LeastMaxWait = TimeSpan.FromMilliseconds(20);

    /// <summary>Besides: the run under way and, with batching, the batch that fills meanwhile.</summary>
    private readonly int _standing = maxBatch > 1 ? 2 : 1;

    private double _seconds;

    /// <summary>Zero while nothing has run.</summary>
    public TimeSpan Run => TimeSpan.FromSeconds(_seconds);

    public TimeSpan MaxWait
    {
        get
        {
            if (maxWait is { } given)
            {
                return given;
            }
            var burst = TimeSpan.FromSeconds(_seconds * (_standing + ((double)BurstRows / (maxBatch * slots))));
            return burst > LeastMaxWait ? burst : LeastMaxWait;
        }
    }

    public void Ran(TimeSpan duration) =>
        _seconds = _seconds == 0 ? duration.TotalSeconds : _seconds + (Weight * (duration.TotalSeconds - _seconds));

    /// <summary>The wait of a request that finds all slots busy and this many rows before it.</summary>
    public TimeSpan WaitBehind(int rows) => TimeSpan.FromSeconds(_seconds * (1 + ((double)rows / maxBatch)) / slots);
}
