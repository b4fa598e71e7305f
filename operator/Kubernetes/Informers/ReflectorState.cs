using ModelOperator.Kubernetes.Queue;

namespace ModelOperator.Kubernetes.Informers;

/// <summary>
/// Where a reflector stands; the transitions are client-go's. All objects are taken in at first and whenever the
/// version reached can no longer be continued from; everything else only opens the watch again. Times are those of a
/// clock that never runs backwards.
/// </summary>
internal sealed record ReflectorState
{
    // A watch that ends sooner without any event is no watch; reopening it at once would be a busy loop.
    private static readonly TimeSpan ShortestWatch = TimeSpan.FromSeconds(1);

    // A kind that is not there costs a request in that time, and half of it more.
    private static readonly TimeSpan RefusedRecheck = TimeSpan.FromSeconds(10);

    // Without a failure for that long the server counts as healthy again.
    private static readonly TimeSpan HealthyAfter = TimeSpan.FromMinutes(2);

    private ReflectorState(ReflectorPhase phase, bool canStream)
    {
        Phase = phase;
        CanStream = canStream;
    }

    /// <summary>What comes next.</summary>
    public ReflectorPhase Phase { get; private init; }

    /// <summary>The version reached; empty before the first list.</summary>
    public string ResourceVersion { get; private init; } = "";

    /// <summary>Failures since the server was last healthy.</summary>
    public int Failures { get; private init; }

    /// <summary>Whether the server is believed to send initial objects through a watch.</summary>
    public bool CanStream { get; private init; }

    // The server has refused the version reached even for a list: only the newest state can be had.
    private bool IsVersionGone { get; init; }

    private TimeSpan? LastFailure { get; init; }

    private bool MustWait { get; init; }

    private bool IsRefused { get; init; }

    /// <summary>The version to list at: any that the server has at hand at first, then none older than what was seen.</summary>
    public string ListVersion => IsVersionGone ? "" : ResourceVersion.Length > 0 ? ResourceVersion : "0";

    /// <summary>The version that a stream of initial objects must have reached.</summary>
    public string StreamVersion => IsVersionGone ? "" : ResourceVersion;

    private ReflectorPhase TakeAll => CanStream ? ReflectorPhase.Stream : ReflectorPhase.List;

    /// <summary>Before anything was asked.</summary>
    public static ReflectorState Initial(bool canStream) => new(canStream ? ReflectorPhase.Stream : ReflectorPhase.List, canStream);

    /// <summary>How long to wait before the next step: after the n-th failure between 800 ms x 2^(n-1), at most 30 s, and twice that.</summary>
    /// <param name="jitter">A random number from 0 to 1.</param>
    public TimeSpan DelayBefore(double jitter) =>
        (MustWait, IsRefused) switch
        {
            (false, _) => TimeSpan.Zero,
            (true, true) => RefusedRecheck * (1 + (jitter / 2)),
            _ => ExponentialBackoff.Reconnect.DelayAfter(Failures) * (1 + jitter),
        };

    /// <summary>The delay is over.</summary>
    public ReflectorState Waited() => this with { MustWait = false, IsRefused = false };

    /// <summary>All objects were taken in.</summary>
    public ReflectorState TookAll(string resourceVersion) =>
        this with { Phase = ReflectorPhase.Watch, ResourceVersion = resourceVersion, IsVersionGone = false };

    /// <summary>An event or bookmark came.</summary>
    public ReflectorState Progressed(string? resourceVersion) =>
        string.IsNullOrEmpty(resourceVersion) ? this : this with { ResourceVersion = resourceVersion };

    /// <summary>The server does not stream initial objects: it is listed from, now and later.</summary>
    public ReflectorState StreamRefused() => this with { Phase = ReflectorPhase.List, CanStream = false };

    /// <summary>A list or stream at a version was refused because that is too old, or newer than the server knows.</summary>
    public ReflectorState VersionRefused(TimeSpan now) =>
        IsVersionGone ? Failed(now) with { Phase = TakeAll } : this with { Phase = TakeAll, IsVersionGone = true };

    /// <summary>Taking in all objects failed otherwise. A stream is followed by a list, which more servers get right.</summary>
    public ReflectorState TakeAllFailed(TimeSpan now) => Failed(now) with { Phase = ReflectorPhase.List };

    /// <summary>The kind is not there, or not for this client: it is asked for again at times, from the beginning.</summary>
    public ReflectorState Refused() =>
        this with { Phase = ReflectorPhase.List, ResourceVersion = "", IsVersionGone = false, MustWait = true, IsRefused = true };

    /// <summary>The server cannot be reached or is busy: what was tried is tried again, later.</summary>
    public ReflectorState Unreachable(TimeSpan now) => Failed(now);

    /// <summary>The watch ended, well or broken. The version reached still holds.</summary>
    public ReflectorState WatchEnded(TimeSpan now, TimeSpan lasted, bool hadEvents) =>
        hadEvents || lasted >= ShortestWatch ? this : MustTakeAll(now);

    /// <summary>The version reached has expired, or what came cannot be trusted.</summary>
    public ReflectorState MustTakeAll(TimeSpan now) => Failed(now) with { Phase = TakeAll };

    private ReflectorState Failed(TimeSpan now) => this with
    {
        Failures = LastFailure is { } last && now - last < HealthyAfter ? Failures + 1 : 1,
        LastFailure = now,
        MustWait = true,
    };
}
