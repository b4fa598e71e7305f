using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using ModelOperator.Controller.Analysis.Prometheus;
using ModelOperator.Controller.Analysis.Queries;

namespace ModelOperator.Controller.Analysis.Counters;

/// <summary>One counter on one server: the revisions that are read, and the queries that serve many of them.</summary>
[SuppressMessage("Reliability", "CA1001", Justification = "A SemaphoreSlim whose wait handle is never asked for holds nothing to dispose of.")]
internal sealed class CounterBatch(PrometheusClient prometheus, PrometheusServer server, string counter)
{
    /// <summary>
    /// How far back a series' base is searched: across a Prometheus that was away for a while, since without a base all that a series ever
    /// counted would be held against this window.
    /// </summary>
    private static readonly TimeSpan BaseLookback = TimeSpan.FromHours(1);

    /// <summary>A revision that was not read for longer is read alone again, and later forgotten.</summary>
    private static readonly TimeSpan Stale = TimeSpan.FromMinutes(5);

    /// <summary>Looks that are due this much later are served by the same query; at most, and a fifteenth of their interval.</summary>
    private static readonly TimeSpan Ahead = TimeSpan.FromSeconds(1);

    private const int AtATime = 4;
    private const int RevisionsInAQuery = 400;

    private readonly ConcurrentDictionary<CounterSubject, RevisionTracks> _tracks = new();
    private readonly SemaphoreSlim _refreshing = new(1);
    private readonly SemaphoreSlim _reading = new(AtATime);

    private readonly ConcurrentDictionary<(CounterSubject, LookWindow), Lazy<Task<RevisionTracks>>> _beginning = new();

    /// <summary>Reads what is new of a revision; the answer is shared with others that are due.</summary>
    public async Task<RevisionTracks> UpdateAsync(CounterSubject subject, LookWindow since, TimeSpan interval, CancellationToken ct)
    {
        var ahead = interval / 15 < Ahead ? interval / 15 : Ahead;
        if (!_tracks.TryGetValue(subject, out var tracks) || tracks.From > since.From || since.To - tracks.To > Stale)
        {
            var key = (subject, since);
            try
            {
                tracks = await _beginning.GetOrAdd(key, _ => new(() => BeginAsync(subject, since, ct))).Value;
            }
            finally
            {
                _beginning.TryRemove(key, out _);
            }
        }
        else if (tracks.To + ahead < since.To)
        {
            await RefreshAsync(tracks, since.To, ahead, ct);
        }

        tracks.DueAt = since.To + interval;
        return tracks;
    }

    private async Task<RevisionTracks> BeginAsync(CounterSubject subject, LookWindow window, CancellationToken ct)
    {
        await _reading.WaitAsync(ct);
        try
        {
            var selector = subject.Selector;
            var range = prometheus.QueryAsync(server, $"{selector}[{window.CoveringSeconds}s]", window.To, ct);
            var bases = prometheus.QueryAsync(server, $"last_over_time({selector}[{BaseLookback.TotalSeconds:0}s])", window.From, ct);
            await Task.WhenAll(range, bases);
            var tracks = new RevisionTracks(window.From);
            tracks.Begin((await bases).Series);
            tracks.Add((await range).Series, window.To);
            return _tracks[subject] = tracks;
        }
        finally
        {
            _reading.Release();
        }
    }

    /// <summary>Brings one revision up to date, and with it all whose look is due soon.</summary>
    private async Task RefreshAsync(RevisionTracks wanted, DateTimeOffset now, TimeSpan ahead, CancellationToken ct)
    {
        await _refreshing.WaitAsync(ct);
        try
        {
            if (wanted.To + ahead >= now)
            {
                return;
            }

            Forget(now);
            var due = _tracks.Where(entry => entry.Value == wanted || (entry.Value.DueAt <= now + ahead && now - entry.Value.To <= Stale && entry.Value.To < now));
            foreach (var chunk in due.OrderBy(entry => entry.Value == wanted ? 0 : 1).Chunk(RevisionsInAQuery))
            {
                await RefreshAsync(chunk, now, ct);
            }
        }
        finally
        {
            _refreshing.Release();
        }
    }

    private async Task RefreshAsync(KeyValuePair<CounterSubject, RevisionTracks>[] chunk, DateTimeOffset now, CancellationToken ct)
    {
        var since = now - chunk.Min(entry => entry.Value.To);
        var selector = PromQl.SelectorOfAny(
            counter,
            ("namespace", chunk.Select(entry => entry.Key.Namespace)),
            ("deployment", chunk.Select(entry => entry.Key.Deployment)),
            ("revision", chunk.Select(entry => entry.Key.Revision)));
        var answer = await prometheus.QueryAsync(server, $"{selector}[{Math.Ceiling(since.TotalSeconds):0}s]", now, ct);
        var byRevision = answer.Series.ToLookup(series => new CounterSubject(
            counter,
            series.Labels.GetValueOrDefault("namespace", ""),
            series.Labels.GetValueOrDefault("deployment", ""),
            series.Labels.GetValueOrDefault("revision", "")));
        foreach (var (subject, tracks) in chunk)
        {
            tracks.Add(byRevision[subject], now);
        }
    }

    private void Forget(DateTimeOffset now)
    {
        foreach (var (subject, tracks) in _tracks)
        {
            if (now - tracks.DueAt > Stale)
            {
                _tracks.TryRemove(subject, out _);
            }
        }
    }
}
