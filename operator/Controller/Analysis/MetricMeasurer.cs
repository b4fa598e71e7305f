using ModelOperator.Api.Conventions;
using ModelOperator.Controller.Analysis.Counters;
using ModelOperator.Controller.Analysis.Prometheus;
using ModelOperator.Judgement;
using ModelOperator.Judgement.Counters;
using ModelOperator.Judgement.Queries;
using ModelOperator.Judgement.Verdicts;

namespace ModelOperator.Controller.Analysis;

/// <summary>Measures metrics of one candidate at one moment.</summary>
internal sealed class MetricMeasurer(CounterFeed feed, LookQueries queries, JudgementRequest request, LookWindow window)
{
    /// <summary>Samples older than this tell nothing of now; the same as Prometheus' own look-back of instant queries.</summary>
    public static readonly TimeSpan Freshness = TimeSpan.FromMinutes(5);

    /// <summary>Takes the look; every failure but cancellation is a measurement.</summary>
    public async Task<Measurement> MeasureAsync(MetricPlan plan, CancellationToken ct)
    {
        if (plan.Problem is { } problem)
        {
            return new Measurement.Failed(problem);
        }

        if ((plan.Builtin is not null || plan.Events is ComparedEvents.OfRouter)
            && request.Source.Lacks(plan.Builtin?.IsDisagreement == true || plan.Events is ComparedEvents.Disagreements) is { } lack)
        {
            return new Measurement.Failed(lack);
        }

        try
        {
            return plan.Events is not null ? await new ComparisonMeasurer(feed, queries, request, window).MeasureAsync(plan, ct)
                : plan.Builtin is { IsSaturation: true } ? await MeasureSaturationAsync(plan, ct)
                : plan.Builtin is { } builtin ? await MeasureBuiltinAsync(plan, builtin, ct)
                : await MeasureQueryAsync(plan, ct);
        }
        catch (PrometheusException e)
        {
            return new Measurement.Failed(e.Message);
        }
    }

    private async Task<Measurement> MeasureBuiltinAsync(MetricPlan plan, BuiltinMetric builtin, CancellationToken ct)
    {
        var candidate = ReadAsync(plan, builtin, request.Revision, ct);
        var baseline = BaselineAsync(plan, builtin, ct);
        await Task.WhenAll(candidate, baseline);
        var (series, newestAt) = await candidate;
        var counter = request.Source.Subject(RouterCounters.CountersOf(builtin)[0], request, request.Revision).Counter;
        if (newestAt is not { } newest)
        {
            return new Measurement.Missing($"no samples of {counter} for {request.Revision} since {window.From:HH:mm:ss}Z{request.Source.Hint}");
        }

        if (window.To - newest > Freshness)
        {
            return new Measurement.Missing($"the newest sample of {counter} for {request.Revision} is {Duration.Format(window.To - newest)} old");
        }

        var (value, samples) = RouterCounters.Evaluate(builtin, series);
        return new Measurement.Measured(value, samples, await baseline) { IsOfLongestWindow = window.To - window.From >= LookWindow.Longest };
    }

    /// <summary>The mean of the requests that routers wait for, over the recent part of the window, for each pod that is ready now.</summary>
    private async Task<Measurement> MeasureSaturationAsync(MetricPlan plan, CancellationToken ct)
    {
        if (request.Source != CounterSource.Router)
        {
            return new Measurement.Failed("only routers know how many requests are in flight, and with provider GatewayAPI no request passes through them");
        }

        if (request.ReadyPods.GetValueOrDefault(request.Revision) == 0)
        {
            return new Measurement.Missing($"no pod of {request.Revision} is ready");
        }

        var seconds = Math.Min(window.WholeSeconds, (long)Freshness.TotalSeconds);
        var selector = PromQl.SelectorOfAny(
            RouterCounters.InFlight, ("namespace", [request.Namespace]), ("deployment", [request.Deployment]), ("revision", Revisions));
        var answer = await AskAsync(plan, $"sum by (revision) (avg_over_time({selector}[{seconds}s]))", window.To, ct);
        return PerPod(answer, request.Revision) is { } value
            ? new Measurement.Measured(value, Baseline: PerPod(answer, request.StableRevision))
            : new Measurement.Missing($"no samples of {RouterCounters.InFlight} for {request.Revision} in the last {seconds} s");
    }

    private IEnumerable<string> Revisions => new[] { request.Revision, request.StableRevision }.OfType<string>();

    private double? PerPod(PrometheusResult answer, string? revision) =>
        revision is not null && request.ReadyPods.GetValueOrDefault(revision) is > 0 and var pods
            ? answer.Series.FirstOrDefault(series => series.Labels.GetValueOrDefault("revision") == revision)?.Samples[0].Value / pods
            : null;

    /// <summary>Stable's value; null when it cannot be told, which is no reason to doubt the candidate's.</summary>
    private async Task<double?> BaselineAsync(MetricPlan plan, BuiltinMetric builtin, CancellationToken ct)
    {
        if (request.StableRevision is not { } stable)
        {
            return null;
        }

        try
        {
            var (value, _) = RouterCounters.Evaluate(builtin, (await ReadAsync(plan, builtin, stable, ct)).Series);
            return double.IsFinite(value) ? value : null;
        }
        catch (PrometheusException)
        {
            return null;
        }
    }

    private async Task<(ILookup<string, SeriesIncrease> Series, DateTimeOffset? NewestAt)> ReadAsync(
        MetricPlan plan, BuiltinMetric builtin, string revision, CancellationToken ct)
    {
        var counters = RouterCounters.CountersOf(builtin);
        var subjects = counters.Select(counter => request.Source.Subject(counter, request, revision)).ToList();
        var readings = await feed.ReadAsync(plan.Server!, subjects, window, window.From, plan.Interval, ct);
        var series = counters.Zip(readings).SelectMany(pair => pair.Second.Series, (pair, increase) => (Counter: pair.First, Increase: increase));
        return (series.ToLookup(s => s.Counter, s => s.Increase), readings[0].NewestAt);
    }

    private async Task<Measurement> MeasureQueryAsync(MetricPlan plan, CancellationToken ct)
    {
        if (request.StableRevision is null && QueryTemplate.NeedsStable(plan.Query!))
        {
            return new Measurement.Missing("the query compares with the stable revision and there is none yet");
        }

        var result = await AskAsync(plan, QueryTemplate.Fill(plan.Query!, request, window.WholeSeconds), window.To, ct);
        return (result.Kind, result.Series) switch
        {
            (PrometheusResultKind.Matrix, _) => new Measurement.Failed("the query gives a range of samples; apply a function such as rate or max_over_time"),
            (_, []) => new Measurement.Missing("the answer is empty: no series matches" + Doubts(result)),
            (_, [var only]) => new Measurement.Measured(only.Samples[0].Value),
            (_, var several) when plan.Reduce is { } reduce =>
                new Measurement.Measured(SeriesReduction.Apply(reduce, [.. several.Select(s => s.Samples[0].Value)])),
            (_, var several) => new Measurement.Failed(
                $"the answer has {several.Count} series where one is expected, for example {several[0].Describe()} and {several[1].Describe()}; "
                + $"aggregate them in {plan.Path}.query or set reduce"),
        };
    }

    private static string Doubts(PrometheusResult result) => result.Warnings is [var first, ..] ? $" ({first})" : "";

    private Task<PrometheusResult> AskAsync(MetricPlan plan, string query, DateTimeOffset at, CancellationToken ct) =>
        queries.AskAsync(plan.Server!, query, at, ct);
}
