using ModelOperator.Controller.Analysis.Prometheus;
using ModelOperator.Judgement.Counters;
using ModelOperator.Judgement.Prometheus;
using ModelOperator.Judgement.Queries;

namespace ModelOperator.Controller.Analysis.Counters;

/// <summary>Asks one server for one counter of many revisions. An answer that would be too large is asked for in parts.</summary>
internal sealed class CounterQueries(PrometheusClient prometheus, PrometheusServer server, string counter)
{
    /// <summary>More would make a query that is hard to read in a log, and an answer that is hard to hold.</summary>
    public const int MostRevisions = 200;

    /// <summary>
    /// How far back a series' base is searched: across a Prometheus that was away for a while, since without a base all that a series ever
    /// counted would be held against this window.
    /// </summary>
    private static readonly TimeSpan BaseLookback = TimeSpan.FromHours(1);

    /// <summary>The samples of a window, and some from before it.</summary>
    /// <exception cref="PrometheusException">There is no answer.</exception>
    public Task<ILookup<CounterSubject, PrometheusSeries>> RangeAsync(IReadOnlyList<CounterSubject> subjects, LookWindow window, CancellationToken ct) =>
        AskAsync(subjects, selector => $"{selector}[{window.CoveringSeconds}s]", window.To, ct);

    /// <summary>What each series stood at when a window began.</summary>
    /// <exception cref="PrometheusException">There is no answer.</exception>
    public Task<ILookup<CounterSubject, PrometheusSeries>> BasesAsync(IReadOnlyList<CounterSubject> subjects, LookWindow window, CancellationToken ct) =>
        AskAsync(subjects, selector => $"last_over_time({selector}[{BaseLookback.TotalSeconds:0}s])", window.From, ct);

    private async Task<ILookup<CounterSubject, PrometheusSeries>> AskAsync(
        IReadOnlyList<CounterSubject> subjects, Func<string, string> query, DateTimeOffset at, CancellationToken ct)
    {
        var series = new List<PrometheusSeries>();
        var parts = new Queue<IReadOnlyList<CounterSubject>>([subjects]);
        while (parts.TryDequeue(out var part))
        {
            try
            {
                series.AddRange((await prometheus.QueryAsync(server, query(Selector(part)), at, ct)).Series);
            }
            catch (PrometheusException tooLarge) when (tooLarge.IsTooLarge && part.Count > 1)
            {
                parts.Enqueue([.. part.Take(part.Count / 2)]);
                parts.Enqueue([.. part.Skip(part.Count / 2)]);
            }
        }

        return subjects is [var only]
            ? series.ToLookup(_ => only)
            : series.ToLookup(one => new CounterSubject(counter, Label(one, "namespace"), Label(one, "deployment"), Label(one, "revision")));
    }

    private string Selector(IReadOnlyList<CounterSubject> subjects) => subjects is [var only]
        ? only.Selector
        : PromQl.SelectorOfAny(
            counter,
            ("namespace", subjects.Select(subject => subject.Namespace)),
            ("deployment", subjects.Select(subject => subject.Deployment)),
            ("revision", subjects.Select(subject => subject.Revision)));

    private static string Label(PrometheusSeries series, string name) => series.Labels.GetValueOrDefault(name, "");
}
