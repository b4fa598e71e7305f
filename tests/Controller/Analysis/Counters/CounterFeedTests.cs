using ModelOperator.Controller.Analysis.Counters;
using ModelOperator.Controller.Analysis.Prometheus;
using ModelOperator.Controller.Tests.Analysis.Prometheus;
using ModelOperator.Judgement.Counters;
using ModelOperator.Judgement.Prometheus;

namespace ModelOperator.Controller.Tests.Analysis.Counters;

internal sealed class CounterFeedTests
{
    private const string Counter = "modelrouter_requests_total";
    private static readonly DateTimeOffset Start = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);
    private static readonly PrometheusServer Server = new(new Uri("http://p/"), TimeSpan.FromSeconds(10));

    private ScrapedHistory _history = null!;
    private ScriptedPrometheus _prometheus = null!;
    private HttpClient _http = null!;
    private CounterFeed _feed = null!;

    [SetUp]
    public void SetUp()
    {
        _history = new ScrapedHistory();
        _prometheus = new ScriptedPrometheus { AnswerAt = _history.Answer };
        _http = new HttpClient(_prometheus);
        _feed = new CounterFeed(new PrometheusClient(_http, TimeProvider.System));
    }

    [TearDown]
    public void TearDown()
    {
        _http.Dispose();
        _prometheus.Dispose();
    }

    [Test]
    public async Task The_first_look_at_many_that_are_expected_reads_them_all_and_so_does_each_later_one()
    {
        var subjects = Enumerable.Range(0, 150).Select(Subject).ToList();
        for (var second = 15; second <= 45; second += 15)
        {
            foreach (var (i, subject) in subjects.Index())
            {
                Scrape(second, subject, second * i);
            }
        }

        _feed.Expect(Server, subjects, Start, Start + Interval);
        var asked = new List<int>();
        foreach (var second in new[] { 15, 30, 45 })
        {
            foreach (var (i, subject) in subjects.Index())
            {
                // Each a little later than the one before, as in a queue.
                var reading = await ReadAsync(subject, Start.AddSeconds(second + (0.05 * i)));
                Assert.That(reading.Series.Single().Increase, Is.EqualTo(second * i));
            }

            asked.Add(_prometheus.Asked.Count);
        }

        Assert.That(asked, Is.EqualTo(new[] { 2 + 7, 9 + 8, 17 + 1 }), "bases and samples at first; a query a second until the samples' rhythm is known, then one for each sample");
    }

    [Test]
    public async Task An_answer_that_is_too_large_is_asked_for_in_halves()
    {
        var subjects = Enumerable.Range(0, 4).Select(Subject).ToList();
        subjects.ForEach(subject => Scrape(15, subject, 7));
        _prometheus.AnswerAt = (query, at) => query.Count(c => c == '|') > 2 ? new string(' ', PrometheusClient.LargestAnswer + 1) : _history.Answer(query, at);
        _feed.Expect(Server, subjects, Start, Start + Interval);

        var readings = await Task.WhenAll(subjects.Select(subject => ReadAsync(subject, Start + Interval)));

        Assert.That(readings.Select(reading => reading.Series.Single().Increase), Is.All.EqualTo(7));
    }

    [Test]
    public async Task Those_who_wait_for_a_query_that_fails_do_not_each_try_again()
    {
        var answer = new TaskCompletionSource<HttpResponseMessage>();
        _prometheus.AnswerAt = null;
        _prometheus.Answer = (_, _) => answer.Task;
        var looks = Enumerable.Range(0, 20).Select(i => ReadAsync(Subject(i), Start + Interval)).ToList();
        answer.SetResult(ScriptedPrometheus.Json("""{"status":"error","error":"overloaded"}""", System.Net.HttpStatusCode.UnprocessableEntity));

        foreach (var look in looks)
        {
            await Assert.ThatAsync(() => look, Throws.InstanceOf<PrometheusException>().With.Message.Contains("overloaded"));
        }

        Assert.That(_prometheus.Asked, Has.Count.EqualTo(1));
    }

    private static CounterSubject Subject(int i) => new(Counter, "ml", $"model-{i}", $"model-{i}-r2");

    private void Scrape(double second, CounterSubject subject, double value) => _history.Scrape(
        Start.AddSeconds(second), value, ("__name__", Counter), ("namespace", subject.Namespace), ("deployment", subject.Deployment), ("revision", subject.Revision), ("outcome", "ok"));

    private async Task<CounterReading> ReadAsync(CounterSubject subject, DateTimeOffset now) =>
        (await _feed.ReadAsync(Server, [subject], new LookWindow(Start, now), Start, Interval, CancellationToken.None)).Single();
}
