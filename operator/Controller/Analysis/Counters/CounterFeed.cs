using System.Collections.Concurrent;
using ModelOperator.Controller.Analysis.Prometheus;
using ModelOperator.Judgement.Counters;
using ModelOperator.Judgement.Prometheus;

namespace ModelOperator.Controller.Analysis.Counters;

/// <summary>
/// The router's counters of all ModelDeployments that are judged. The first look at a revision reads it alone; after that, one query brings
/// the newest samples of every revision whose look is due at about the same time, so that a thousand canaries cost a few queries a second.
/// </summary>
/// <remarks>What it keeps is a cache: after a restart the first look at each revision finds the same in Prometheus.</remarks>
internal sealed class CounterFeed(PrometheusClient prometheus)
{
    private readonly ConcurrentDictionary<(PrometheusServer Server, string Counter), CounterBatch> _batches = new();
    private readonly SeriesNames _names = new();

    /// <summary>Lets know that revisions are going to be read; the first that is reads all that are expected at about that time.</summary>
    /// <param name="server">Where.</param>
    /// <param name="subjects">What.</param>
    /// <param name="from">Where their windows begin.</param>
    /// <param name="dueAt">When.</param>
    public void Expect(PrometheusServer server, IEnumerable<CounterSubject> subjects, DateTimeOffset from, DateTimeOffset dueAt)
    {
        foreach (var subject in subjects)
        {
            Batch(server, subject.Counter).Expect(subject, from, dueAt);
        }
    }

    /// <summary>When samples of a counter come: of this revision, or of any if nothing was read of it yet; null when it is not known.</summary>
    public SampleRhythm? RhythmOf(PrometheusServer server, CounterSubject subject) =>
        Batch(server, subject.Counter) is var batch ? batch.RhythmOf(subject) ?? batch.Rhythm : null;

    /// <summary>Some revisions' counters, all up to the same moment.</summary>
    /// <param name="server">Where.</param>
    /// <param name="subjects">What, at least one.</param>
    /// <param name="since">The earliest that windows of these revisions begin at, up to now.</param>
    /// <param name="from">Where this one begins; not before <paramref name="since"/>.</param>
    /// <param name="interval">The time between looks; the next is expected that much later.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>One reading for each subject. They may end a moment before now, see <see cref="CounterReading.To"/>.</returns>
    /// <exception cref="PrometheusException">There is no answer.</exception>
    public async Task<IReadOnlyList<CounterReading>> ReadAsync(
        PrometheusServer server, IReadOnlyList<CounterSubject> subjects, LookWindow since, DateTimeOffset from, TimeSpan interval, CancellationToken ct)
    {
        var tracks = await Task.WhenAll(subjects.Select(subject => Batch(server, subject.Counter).UpdateAsync(subject, since, interval, ct)));
        var to = tracks.Select(track => track.To).Append(since.To).Min();
        return [.. tracks.Select(track => track.Read(new LookWindow(from, to > from ? to : from), since.From))];
    }

    private CounterBatch Batch(PrometheusServer server, string counter) => _batches.GetOrAdd(
        (server, counter), key => new CounterBatch(new CounterQueries(prometheus, key.Server, key.Counter), _names));
}
