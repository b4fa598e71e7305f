using System.Globalization;
using ModelOperator.Api.Conventions;
using ModelOperator.Controller.Analysis.Counters;
using ModelOperator.Controller.Analysis.Prometheus;
using ModelOperator.Judgement;
using ModelOperator.Judgement.Counters;
using ModelOperator.Judgement.Queries;
using ModelOperator.Judgement.Sequential;
using ModelOperator.Judgement.Verdicts;

namespace ModelOperator.Controller.Analysis;

/// <summary>Counts the events of both arms since the last look and adds them to what the comparison has found so far.</summary>
internal sealed class ComparisonMeasurer(CounterFeed feed, LookQueries queries, JudgementRequest request, LookWindow window)
{
    /// <summary>How much of stable's past tells how its bad events scatter.</summary>
    private static readonly TimeSpan Past = TimeSpan.FromHours(1);
    private static readonly TimeSpan BaseLookback = TimeSpan.FromHours(1);

    /// <exception cref="PrometheusException">There is no answer.</exception>
    public async Task<Measurement> MeasureAsync(MetricPlan plan, CancellationToken ct)
    {
        if (request.StableRevision is not { } stable)
        {
            return new Measurement.Missing("there is no stable revision yet to compare with");
        }

        var of = Of(plan, stable);
        var state = request.Previous.LastOrDefault(plan.Owns)?.Sequential is { } previous && previous.Of == of ? previous : null;
        var sums = SequentialRecord.Read(state);
        if (!request.HasStableTraffic)
        {
            return new Measurement.Compared(sums ?? SequentialSums.None, state);
        }

        var from = Later(request.StepStartedAt, sums is null ? null : Instant(state!.CountedTo));
        if (from < window.To - Past)
        {
            // Nobody looked for so long that the counts of that time would be one interval.
            from = window.To - Past;
        }

        sums = sums is null ? SequentialTest.Begin(await PastAsync(plan, stable, ct))
            : Instant(state!.StepStartedAt) == request.StepStartedAt ? sums
            : SequentialTest.BeginStep(sums);
        var (counts, to, seenAt) = await CountAsync(plan, stable, from, ct);
        if (seenAt is null || window.To - seenAt > MetricMeasurer.Freshness)
        {
            return new Measurement.Missing(seenAt is null
                ? $"no {plan.Events!.Noun} and no requests of {request.Revision} were counted since {from:HH:mm:ss}Z{request.Source.Hint}"
                : $"the newest count of {request.Revision} is {Duration.Format(window.To - seenAt.Value)} old");
        }

        if (counts.Candidate.Total > 0 || counts.Stable.Total > 0)
        {
            sums = SequentialTest.Add(sums, plan.Comparison!, counts);
        }

        return new Measurement.Compared(sums, SequentialRecord.Write(sums, of, to, request.StepStartedAt));
    }

    private string Of(MetricPlan plan, string stable) => string.Create(
        CultureInfo.InvariantCulture,
        $"{request.Revision} against {stable}, {plan.Events!.Noun}, {plan.Comparison!.MaxRatio} and {plan.Comparison.ProvenBelow ?? 0}");

    private Task<(IntervalCounts Counts, DateTimeOffset To, DateTimeOffset? SeenAt)> CountAsync(
        MetricPlan plan, string stable, DateTimeOffset from, CancellationToken ct) => plan.Events switch
        {
            ComparedEvents.OfRouter events => CountAsync(plan, events, stable, from, ct),
            ComparedEvents.Custom events => CountAsync(plan, events, stable, from, ct),
            _ => throw new ArgumentOutOfRangeException(nameof(plan)),
        };

    private async Task<(IntervalCounts Counts, DateTimeOffset To, DateTimeOffset? SeenAt)> CountAsync(
        MetricPlan plan, ComparedEvents.OfRouter events, string stable, DateTimeOffset from, CancellationToken ct)
    {
        var (counters, ofStable) = (events.Counters, events.StableCounters);
        List<CounterSubject> subjects =
        [
            .. counters.Select(counter => request.Source.Subject(counter, request, request.Revision)),
            .. ofStable.Select(counter => request.Source.Subject(counter, request, stable)),
        ];
        var since = window.From < from ? window : window with { From = from };
        var readings = await feed.ReadAsync(plan.Server!, subjects, since, from, plan.Interval, ct);
        var candidate = Join(counters, readings.Take(counters.Count));
        var baseline = Join(ofStable, readings.Skip(counters.Count));
        return (new IntervalCounts(events.Count(Lookup(candidate)), ByPod(events, baseline)), readings[0].To, readings.Take(counters.Count).Max(r => r.SeenAt));
    }

    private async Task<(IntervalCounts Counts, DateTimeOffset To, DateTimeOffset? SeenAt)> CountAsync(
        MetricPlan plan, ComparedEvents.Custom events, string stable, DateTimeOffset from, CancellationToken ct)
    {
        var interval = new LookWindow(from, window.To);
        var (candidateBad, candidateTotal, stableBad, stableTotal) = (
            ReadAsync(plan, events.Bad, request.Revision, interval, ct),
            ReadAsync(plan, events.Total, request.Revision, interval, ct),
            ReadAsync(plan, events.Bad, stable, interval, ct),
            ReadAsync(plan, events.Total, stable, interval, ct));
        await Task.WhenAll(candidateBad, candidateTotal, stableBad, stableTotal);
        var counts = new IntervalCounts(
            BadCount.Of(Sum(await candidateBad), Sum(await candidateTotal)),
            new StableCounts(BadCount.Of(Sum(await stableBad), Sum(await stableTotal))));
        return (counts, window.To, (await candidateTotal).NewestAt);
    }

    private async Task<CounterReading> ReadAsync(MetricPlan plan, string counter, string revision, LookWindow interval, CancellationToken ct)
    {
        var selector = Fill(counter, revision);
        var range = queries.AskAsync(plan.Server!, $"{selector}[{interval.CoveringSeconds}s]", interval.To, ct);
        var bases = queries.AskAsync(plan.Server!, $"last_over_time({selector}[{BaseLookback.TotalSeconds:0}s])", interval.From, ct);
        await Task.WhenAll(range, bases);
        return CounterReading.Join((await range).Series, (await bases).Series, interval);
    }

    /// <summary>Stable's intervals before the step, as far back as Prometheus knows them.</summary>
    private async Task<IReadOnlyList<StableCounts>> PastAsync(MetricPlan plan, string stable, CancellationToken ct)
    {
        var start = request.StepStartedAt - Past;
        var counters = plan.Events is ComparedEvents.OfRouter router
            ? [.. router.StableCounters.Select(counter => request.Source.Subject(counter, request, stable).Selector)]
            : plan.Events is ComparedEvents.Custom custom ? new[] { Fill(custom.Bad, stable), Fill(custom.Total, stable) } : [];
        var answers = await Task.WhenAll(counters.Select(selector =>
            queries.AskAsync(plan.Server!, $"{selector}[{Past.TotalSeconds:0}s]", request.StepStartedAt, ct)));
        var tracks = answers.Select(answer => answer.Series.Select(series =>
        {
            // What a series stood at when it is first seen is not known to be new.
            var track = new SeriesTrack(series.Labels, series.Samples is [var first, ..] ? first.Value : null);
            track.Add(series.Samples);
            return track;
        }).ToList()).ToList();

        var past = new List<StableCounts>();
        for (var at = start; at < request.StepStartedAt; at += plan.Interval)
        {
            var slice = new LookWindow(at, at + plan.Interval);
            var increases = tracks.Select(ofCounter => ofCounter
                .Select(track => track.In(slice) is var (increase, _) ? new SeriesIncrease(track.Labels, increase) : null)
                .OfType<SeriesIncrease>().ToList()).ToList();
            past.Add(plan.Events is ComparedEvents.OfRouter events
                ? ByPod(events, [.. events.StableCounters.Zip(increases).SelectMany(pair => pair.Second, (pair, increase) => (pair.First, increase))])
                : new StableCounts(BadCount.Of(increases[0].Sum(s => s.Increase), increases[1].Sum(s => s.Increase))));
        }

        return past;
    }

    private static StableCounts ByPod(ComparedEvents.OfRouter events, IReadOnlyList<(string Counter, SeriesIncrease Increase)> series)
    {
        var pods = series.GroupBy(s => string.Join(
            '\u0001', s.Increase.Labels.Where(l => !events.Apart.Contains(l.Key)).OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => $"{l.Key}\u0002{l.Value}")));
        return new StableCounts(events.CountStable(Lookup(series)), [.. pods.Select(pod => events.CountStable(Lookup(pod)))]);
    }

    private static List<(string Counter, SeriesIncrease Increase)> Join(IReadOnlyList<string> counters, IEnumerable<CounterReading> readings) =>
        [.. counters.Zip(readings).SelectMany(pair => pair.Second.Series, (pair, increase) => (pair.First, increase))];

    private static ILookup<string, SeriesIncrease> Lookup(IEnumerable<(string Counter, SeriesIncrease Increase)> series) =>
        series.ToLookup(s => s.Counter, s => s.Increase);

    private string Fill(string counter, string revision) => QueryTemplate.Fill(counter, request with { Revision = revision }, window.WholeSeconds);

    private static double Sum(CounterReading reading) => reading.Series.Sum(s => s.Increase);

    private static DateTimeOffset? Instant(DateTime? time) => time is { } t ? new DateTimeOffset(DateTime.SpecifyKind(t, DateTimeKind.Utc)) : null;

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset? b) => b > a ? b.Value : a;
}
