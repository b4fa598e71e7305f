namespace ModelOperator.Router.Balancing;

/// <summary>
/// What a pod's answers say about it. A pod that fails several times in a row is ejected for a while, longer every time,
/// and then comes back slowly: one more failure meanwhile ejects it again. Times are since an arbitrary moment.
/// </summary>
/// <param name="Failures">In a row, while healthy.</param>
/// <param name="Ejections">In a row, without a full return between them.</param>
/// <param name="ReturnsAt">When its latest ejection ends; null when it is healthy.</param>
internal readonly record struct PodHealth(int Failures, int Ejections, TimeSpan? ReturnsAt)
{
    /// <summary>Failures in a row that eject.</summary>
    public const int MostFailures = 5;

    /// <summary>How long the first ejection lasts; every further one twice as long, up to <see cref="LongestEjection"/>.</summary>
    public static readonly TimeSpan FirstEjection = TimeSpan.FromSeconds(10);

    public static readonly TimeSpan LongestEjection = TimeSpan.FromMinutes(5);

    /// <summary>How long it takes from the end of an ejection to a full share.</summary>
    public static readonly TimeSpan SlowReturn = TimeSpan.FromSeconds(10);

    // Else nobody would ever see that it has recovered.
    private const double LeastShare = 0.05;

    /// <summary>The part of its share that it gets: 0 while ejected, 1 when healthy.</summary>
    public double Share(TimeSpan now) =>
        ReturnsAt is not { } at ? 1
        : now < at ? 0
        : Math.Clamp((now - at) / SlowReturn, LeastShare, 1);

    /// <summary>It answered, be it with a refusal of a wrong request.</summary>
    public PodHealth AfterSuccess(TimeSpan now) =>
        // An answer to a request from before the ejection says nothing about what comes after it.
        ReturnsAt is { } at && now < at + SlowReturn ? this : default;

    /// <summary>It could not be reached, broke off, was too slow or answered 5xx.</summary>
    public PodHealth AfterFailure(TimeSpan now)
    {
        if (ReturnsAt is { } at)
        {
            return now < at ? this : now < at + SlowReturn ? Eject(now) : new PodHealth(1, 0, null);
        }
        return Failures + 1 < MostFailures ? this with { Failures = Failures + 1 } : Eject(now);
    }

    private PodHealth Eject(TimeSpan now)
    {
        var lasts = FirstEjection * Math.Pow(2, Math.Min(Ejections, 10));
        return new PodHealth(0, Ejections + 1, now + (lasts < LongestEjection ? lasts : LongestEjection));
    }
}
