using ModelOperator.Kubernetes.Queue;

namespace ModelOperator.Kubernetes.Informers;

/// <summary>
/// Where a reflector stands; the transitions are client-go's. A list is needed at first and whenever the version
/// reached can no longer be continued from; everything else only opens the watch again.
/// </summary>
/// <param name="Phase">What comes next.</param>
/// <param name="ResourceVersion">The version reached.</param>
/// <param name="Failures">Attempts in a row that brought nothing; the next one waits accordingly.</param>
internal sealed record ReflectorState(ReflectorPhase Phase, string ResourceVersion, int Failures)
{
    // A watch that ends sooner without any event is no watch; reopening it at once would be a busy loop.
    private static readonly TimeSpan ShortestWatch = TimeSpan.FromSeconds(1);

    public static ReflectorState Initial { get; } = new(ReflectorPhase.List, "", 0);

    /// <summary>How long to wait before the next step.</summary>
    /// <param name="jitter">A random number from 0 to 1.</param>
    public TimeSpan DelayBefore(double jitter) => ExponentialBackoff.Reconnect.DelayAfter(Failures) * (0.5 + (0.5 * jitter));

    /// <summary>A list was taken in. It says nothing about the watch, so failures stay counted.</summary>
    public ReflectorState Listed(string resourceVersion) => this with { Phase = ReflectorPhase.Watch, ResourceVersion = resourceVersion };

    /// <summary>A list failed.</summary>
    public ReflectorState ListFailed() => this with { Failures = Failures + 1 };

    /// <summary>An event or bookmark came.</summary>
    public ReflectorState Progressed(string resourceVersion) =>
        this with { ResourceVersion = resourceVersion.Length > 0 ? resourceVersion : ResourceVersion, Failures = 0 };

    /// <summary>The server ended the watch as agreed, or too soon.</summary>
    public ReflectorState WatchEnded(TimeSpan lasted, bool hadEvents) =>
        this with { Failures = hadEvents || lasted >= ShortestWatch ? 0 : Failures + 1 };

    /// <summary>The connection broke, or the server is busy: the version reached still holds.</summary>
    public ReflectorState WatchBroke() => this with { Failures = Failures + 1 };

    /// <summary>The version reached is gone, or what came cannot be trusted.</summary>
    public ReflectorState MustRelist() => this with { Phase = ReflectorPhase.List, Failures = Failures + 1 };
}
