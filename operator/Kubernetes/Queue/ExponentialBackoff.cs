namespace ModelOperator.Kubernetes.Queue;

/// <summary>Delays that double from one failure to the next, without a limit to the number of failures.</summary>
/// <param name="First">The delay after the first failure.</param>
/// <param name="Longest">No delay is longer.</param>
public sealed record ExponentialBackoff(TimeSpan First, TimeSpan Longest)
{
    /// <summary>controller-runtime's: 5 ms to 1000 s.</summary>
    public static ExponentialBackoff PerItem { get; } = new(TimeSpan.FromMilliseconds(5), TimeSpan.FromSeconds(1000));

    /// <summary>client-go's for lists and watches: 800 ms to 30 s.</summary>
    public static ExponentialBackoff Reconnect { get; } = new(TimeSpan.FromMilliseconds(800), TimeSpan.FromSeconds(30));

    /// <summary>The delay after that many failures in a row; zero after none.</summary>
    public TimeSpan DelayAfter(int failures)
    {
        if (failures <= 0)
        {
            return TimeSpan.Zero;
        }

        var seconds = First.TotalSeconds * Math.Pow(2, failures - 1);
        return seconds < Longest.TotalSeconds ? TimeSpan.FromSeconds(seconds) : Longest;
    }
}
