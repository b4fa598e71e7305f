namespace ModelOperator.DevCluster.Node.Pods;

/// <summary>
/// How long a container that ended waits before it starts again. As kubelet does it: the first restart is at once,
/// the second waits <paramref name="Base"/>, every further one twice as long, up to <paramref name="Max"/>.
/// </summary>
internal sealed record RestartBackoff(TimeSpan Base, TimeSpan Max)
{
    private const int KubeletMaxOverBase = 30;

    /// <summary>10 s to 5 min.</summary>
    public static RestartBackoff Kubelet { get; } = FromBase(TimeSpan.FromSeconds(10));

    /// <summary>A container that ran this long starts from the beginning again.</summary>
    public TimeSpan ResetAfter => 2 * Max;

    /// <summary>kubelet's curve, compressed or stretched to another first wait.</summary>
    public static RestartBackoff FromBase(TimeSpan first) => new(first, KubeletMaxOverBase * first);

    /// <summary>The wait before the next start.</summary>
    /// <param name="streak">Restarts since the container last ran well.</param>
    public TimeSpan Delay(int streak)
    {
        if (streak <= 0)
        {
            return TimeSpan.Zero;
        }

        var doublings = Math.Min(streak - 1, 30);
        var delay = Base * Math.Pow(2, doublings);
        return delay < Max ? delay : Max;
    }
}
