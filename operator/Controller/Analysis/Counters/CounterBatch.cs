using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using ModelOperator.Controller.Analysis.Prometheus;
using ModelOperator.Judgement.Counters;

namespace ModelOperator.Controller.Analysis.Counters;

/// <summary>
/// One counter on one server: the revisions that are read, and the queries that serve many of them. One query is under way at a time; what
/// comes meanwhile is served by the next.
/// </summary>
[SuppressMessage("Reliability", "CA1001", Justification = "A SemaphoreSlim whose wait handle is never asked for holds nothing to dispose of.")]
internal sealed class CounterBatch(CounterQueries queries, SeriesNames names)
{
    /// <summary>A revision that was not read for longer is read from the start again, and later forgotten.</summary>
    private static readonly TimeSpan Stale = TimeSpan.FromMinutes(5);

    /// <summary>Looks that are due this much later are served by the same query; at most, and a fifteenth of their interval.</summary>
    private static readonly TimeSpan Ahead = TimeSpan.FromSeconds(1);

    /// <summary>Steps that began within this time are read from the start together.</summary>
    private static readonly TimeSpan Together = TimeSpan.FromMinutes(1);

    /// <summary>A sample that was not there is not looked for again sooner.</summary>
    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(80);

    private readonly ConcurrentDictionary<CounterSubject, RevisionTracks> _tracks = new();
    private readonly ConcurrentDictionary<CounterSubject, (DateTimeOffset From, DateTimeOffset DueAt)> _expected = new();
    private readonly SemaphoreSlim _asking = new(1);
    private PrometheusException? _failure;

    /// <summary>When samples come, for any of the revisions; null when it is not known.</summary>
    public SampleRhythm? Rhythm { get; private set; }

    /// <summary>Lets know that a revision is going to be read, so that the first who needs one of them reads all.</summary>
    /// <param name="subject">The revision.</param>
    /// <param name="from">Where its window begins.</param>
    /// <param name="dueAt">When.</param>
    public void Expect(CounterSubject subject, DateTimeOffset from, DateTimeOffset dueAt)
    {
        if (!_tracks.TryGetValue(subject, out var tracks) || tracks.From > from)
        {
            _expected[subject] = (from, dueAt);
        }
    }

    /// <summary>When samples of one revision come; null when it is not known.</summary>
    public SampleRhythm? RhythmOf(CounterSubject subject) => _tracks.TryGetValue(subject, out var tracks) ? tracks.Rhythm : null;

    /// <summary>Reads what is new of a revision; the answer is shared with others that are due.</summary>
    /// <exception cref="PrometheusException">There is no answer; those who waited for their turn meanwhile have none either.</exception>
    public async Task<RevisionTracks> UpdateAsync(CounterSubject subject, LookWindow since, TimeSpan interval, CancellationToken ct)
    {
        var ahead = interval / 15 < Ahead ? interval / 15 : Ahead;
        if (Kept(subject, since) is not { } tracks || IsBehind(tracks, since.To, ahead))
        {
            var before = Volatile.Read(ref _failure);
            await _asking.WaitAsync(ct);
            try
            {
                if (Volatile.Read(ref _failure) is { } failure && failure != before)
                {
                    throw new PrometheusException(failure.Message, failure);
                }

                tracks = Kept(subject, since) ?? await BeginAsync(subject, since, ct);
                if (IsBehind(tracks, since.To, ahead))
                {
                    await RefreshAsync(tracks, since.To, ahead, ct);
                }
            }
            catch (PrometheusException failure)
            {
                Volatile.Write(ref _failure, failure);
                throw;
            }
            finally
            {
                _asking.Release();
            }
        }

        tracks.DueAt = tracks.Rhythm is { } rhythm && rhythm.IsAliveAt(since.To) ? rhythm.After(since.To, interval) : since.To + interval;
        return tracks;
    }

    private RevisionTracks? Kept(CounterSubject subject, LookWindow since) =>
        _tracks.TryGetValue(subject, out var tracks) && tracks.From <= since.From && since.To - tracks.To <= Stale ? tracks : null;

    private static bool IsBehind(RevisionTracks tracks, DateTimeOffset now, TimeSpan ahead) => tracks.Rhythm is { } rhythm && rhythm.IsAliveAt(now)
        ? rhythm.ExpectsMoreAt(now) && now - tracks.To >= Again
        : now - tracks.To > ahead;

    /// <summary>Reads a revision from where its window begins, and with it all that are expected and begin at about the same time.</summary>
    private async Task<RevisionTracks> BeginAsync(CounterSubject subject, LookWindow since, CancellationToken ct)
    {
        _expected.TryRemove(subject, out _);
        var others = _expected.Where(entry => (entry.Value.From - since.From).Duration() <= Together && since.To - entry.Value.DueAt <= Stale);
        CounterSubject[] together = [subject, .. others.OrderBy(entry => entry.Value.DueAt).Take(CounterQueries.MostRevisions - 1).Select(entry => entry.Key)];
        var from = together.Skip(1).Select(other => _expected[other].From).Append(since.From).Min();
        var window = new LookWindow(from, since.To);
        var bases = await queries.BasesAsync(together, window, ct);
        var range = await queries.RangeAsync(together, window, ct);
        foreach (var one in together)
        {
            var tracks = new RevisionTracks(from, names) { DueAt = _expected.TryRemove(one, out var expected) ? expected.DueAt : since.To };
            tracks.Begin(bases[one]);
            tracks.Add(range[one], since.To);
            _tracks[one] = tracks;
        }

        Rhythm = _tracks[subject].Rhythm ?? Rhythm;
        return _tracks[subject];
    }

    /// <summary>Brings one revision up to date, and with it all whose look is due soon.</summary>
    private async Task RefreshAsync(RevisionTracks wanted, DateTimeOffset now, TimeSpan ahead, CancellationToken ct)
    {
        Forget(now);

        // There is nothing newer before the next sample, so whoever looks until then can be served now.
        var soon = wanted.Rhythm is { } rhythm && rhythm.IsAliveAt(now) ? now + rhythm.Interval : now + ahead;
        var due = _tracks.Where(entry => entry.Value == wanted || (entry.Value.DueAt <= soon && now - entry.Value.To <= Stale && entry.Value.To < now));
        foreach (var chunk in due.OrderBy(entry => entry.Value == wanted ? 0 : 1).Chunk(CounterQueries.MostRevisions))
        {
            var range = await queries.RangeAsync([.. chunk.Select(entry => entry.Key)], new LookWindow(chunk.Min(entry => entry.Value.To), now), ct);
            foreach (var (subject, tracks) in chunk)
            {
                tracks.Add(range[subject], now);
            }
        }

        Rhythm = wanted.Rhythm ?? Rhythm;
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

        foreach (var (subject, (_, dueAt)) in _expected)
        {
            if (now - dueAt > Stale)
            {
                _expected.TryRemove(subject, out _);
            }
        }
    }
}
