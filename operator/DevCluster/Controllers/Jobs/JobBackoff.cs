namespace ModelOperator.DevCluster.Controllers.Jobs;

/// <summary>How long a job waits before it replaces a failed pod: twice as long after every failure since the last success.</summary>
/// <param name="Base">The wait after the first failure.</param>
/// <param name="Max">The longest wait.</param>
internal sealed record JobBackoff(TimeSpan Base, TimeSpan Max)
{
    private const int MaxOverBase = 60;

    /// <summary>kube-controller-manager's curve (10 s to 10 min), compressed or stretched to another first wait.</summary>
    public static JobBackoff FromBase(TimeSpan first) => new(first, MaxOverBase * first);

    /// <summary>When the next pod may be made; null: at once.</summary>
    public DateTimeOffset? NextAt(IEnumerable<DateTimeOffset> failures, DateTimeOffset? lastSuccess)
    {
        var since = failures.Where(at => lastSuccess is null || at > lastSuccess).ToList();
        if (since.Count == 0)
        {
            return null;
        }

        var delay = Base * Math.Pow(2, Math.Min(since.Count - 1, 30));
        return since.Max() + (delay < Max ? delay : Max);
    }
}
