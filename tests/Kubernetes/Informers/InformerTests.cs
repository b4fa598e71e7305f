using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Informers;
using ModelOperator.Kubernetes.Models;
using ModelOperator.Kubernetes.Tests.Fakes;
using ModelOperator.TestSupport;

namespace ModelOperator.Kubernetes.Tests.Informers;

internal sealed class InformerTests
{
    private readonly ManualTimeProvider _clock = new();
    private readonly Channel<string> _changes = Channel.CreateUnbounded<string>();
    private readonly CancellationTokenSource _stop = new();
    private FakeApi _api = null!;
    private KubernetesClient _client = null!;
    private Informer<V1ConfigMap> _informer = null!;
    private Task _running = Task.CompletedTask;

    [SetUp]
    public async Task StartAsync()
    {
        _api = await FakeApi.StartAsync();
        _client = _api.CreateClient(_clock);
        _informer = new Informer<V1ConfigMap>(_client, null, null, _clock, NullLogger.Instance, () => 0.5);
        _informer.AddIndex("value", map => map.Data?.Values ?? []);
        _informer.AddHandler(change => _changes.Writer.TryWrite($"{change.Type} {change.Object.Name()} {change.Object.ResourceVersion()}"));
    }

    [TearDown]
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _client.Dispose();
        await _api.DisposeAsync();
        _stop.Dispose();
    }

    [Test]
    public async Task It_lists_then_watches_and_answers_from_memory()
    {
        _api.Reply(Answer.Json(Answer.List("5", Answer.ConfigMap("a", "1", "x"), Answer.ConfigMap("b", "2", "x"))));
        _api.ReplyToWatch(Answer.WatchFrom(Lines(
            Answer.Event("ADDED", Answer.ConfigMap("c", "6", "y")),
            Answer.Event("MODIFIED", Answer.ConfigMap("a", "7", "y")),
            Answer.Event("DELETED", Answer.ConfigMap("b", "8", "x")))));

        Run();

        Assert.That(await NextAsync(5), Is.EqualTo(new[] { "Added a 1", "Added b 2", "Added c 6", "Modified a 7", "Deleted b 8" }));
        Assert.Multiple(() =>
        {
            Assert.That(_informer.HasSynced, Is.True);
            Assert.That(_informer.Get("a", "default")?.ResourceVersion(), Is.EqualTo("7"));
            Assert.That(_informer.Get("b", "default"), Is.Null);
            Assert.That(_informer.ByIndex("value", "y").Select(map => map.Name()), Is.EquivalentTo(new[] { "a", "c" }));
            Assert.That(_informer.ByIndex("value", "x"), Is.Empty);
            Assert.That(_informer.List("default"), Has.Count.EqualTo(2));
            Assert.That(_informer.List("other"), Is.Empty);
        });
    }

    [Test]
    public async Task A_watch_continues_from_the_last_event_or_bookmark()
    {
        _api.Reply(Answer.Json(Answer.List("5")));
        _api.ReplyToWatch(Answer.Watch(Answer.Event("ADDED", Answer.ConfigMap("a", "6")), Answer.Bookmark("40")));
        _api.ReplyToWatch(Answer.WatchFrom(Lines(Answer.Event("MODIFIED", Answer.ConfigMap("a", "41")))));

        Run();

        Assert.That(await NextAsync(2), Is.EqualTo(new[] { "Added a 6", "Modified a 41" }));
        Assert.That(WatchVersions(), Is.EqualTo(new[] { "5", "40" }));
        Assert.That(Lists(), Is.EqualTo(1));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task A_relist_emits_deletes_for_what_is_gone(bool inStream)
    {
        _api.Reply(Answer.Json(Answer.List("5", Answer.ConfigMap("gone", "1"), Answer.ConfigMap("same", "2"), Answer.ConfigMap("new", "3"))));
        _api.ReplyToWatch(inStream
            ? Answer.Watch(Answer.Event("ERROR", Answer.StatusJson(410, "Expired", "too old")))
            : Answer.Refusal(410, "Expired", "too old"));
        _api.Reply(Answer.Json(Answer.List("90", Answer.ConfigMap("same", "2"), Answer.ConfigMap("new", "80"), Answer.ConfigMap("more", "81"))));

        Run();
        Assert.That(await NextAsync(3), Has.Count.EqualTo(3));
        await PassDelayAsync(TimeSpan.FromMilliseconds(600));

        Assert.That(await NextAsync(3), Is.EqualTo(new[] { "Deleted gone 1", "Modified new 80", "Added more 81" }));
        Assert.That(_informer.Get("gone", "default"), Is.Null);
    }

    [Test]
    public async Task An_object_made_anew_under_the_same_name_is_a_delete_and_an_add()
    {
        _api.Reply(Answer.Json(Answer.List("5", Answer.ConfigMap("a", "1"))));
        _api.ReplyToWatch(Answer.WatchFrom(Lines(Answer.Event("MODIFIED", Answer.ConfigMap("a", "9").Replace("uid-a", "uid-other", StringComparison.Ordinal)))));

        Run();

        Assert.That(await NextAsync(3), Is.EqualTo(new[] { "Added a 1", "Deleted a 1", "Added a 9" }));
    }

    [Test]
    public async Task A_cut_line_loses_nothing_and_needs_no_list()
    {
        var whole = Answer.Event("ADDED", Answer.ConfigMap("a", "6"));
        _api.Reply(Answer.Json(Answer.List("5")));
        _api.ReplyToWatch(Answer.WatchCutAfter(whole + "\n" + Answer.Event("ADDED", Answer.ConfigMap("b", "7"))[..50]));
        _api.ReplyToWatch(Answer.WatchFrom(Lines(Answer.Event("ADDED", Answer.ConfigMap("b", "7")))));

        Run();
        Assert.That(await NextAsync(1), Is.EqualTo(new[] { "Added a 6" }));
        await PassDelayAsync(TimeSpan.FromMilliseconds(600));

        Assert.That(await NextAsync(1), Is.EqualTo(new[] { "Added b 7" }));
        Assert.That(WatchVersions(), Is.EqualTo(new[] { "5", "6" }));
        Assert.That(Lists(), Is.EqualTo(1));
    }

    [Test]
    public async Task A_page_of_html_where_a_watch_should_be_leads_to_a_list()
    {
        _api.Reply(Answer.Json(Answer.List("5")));
        _api.ReplyToWatch(Answer.Html(200, "<html>\n"));
        _api.Reply(Answer.Json(Answer.List("6", Answer.ConfigMap("a", "6"))));

        Run();
        await PassDelayAsync(TimeSpan.FromMilliseconds(600));

        Assert.That(await NextAsync(1), Is.EqualTo(new[] { "Added a 6" }));
    }

    [Test]
    public async Task A_list_that_fails_is_tried_again_later_each_time()
    {
        _api.Reply(Answer.Html(502));
        _api.Reply(Answer.Refusal(403, "Forbidden", "no"));
        _api.Reply(Answer.Json(Answer.List("5", Answer.ConfigMap("a", "1"))));

        Run();
        await PassDelayAsync(TimeSpan.FromMilliseconds(600));
        Assert.That(_informer.HasSynced, Is.False);
        await PassDelayAsync(TimeSpan.FromMilliseconds(1200));

        Assert.That(await NextAsync(1), Is.EqualTo(new[] { "Added a 1" }));
        await _informer.WaitForSyncAsync(CancellationToken.None);
    }

    [Test]
    public async Task A_watch_that_outlives_its_time_is_opened_again()
    {
        _api.Reply(Answer.Json(Answer.List("5")));
        _api.ReplyToWatch(Answer.WatchFrom(Channel.CreateUnbounded<string>().Reader));
        _api.ReplyToWatch(Answer.WatchFrom(Lines(Answer.Event("ADDED", Answer.ConfigMap("a", "6")))));
        Run();

        // Half-way between 5 and 10 minutes, and 15 s of grace.
        await PassDelayAsync(TimeSpan.FromSeconds(450 + 15), alone: true);
        await PassDelayAsync(TimeSpan.FromMilliseconds(600));

        Assert.That(await NextAsync(1), Is.EqualTo(new[] { "Added a 6" }));
        Assert.That(_api.Requests.First(IsWatch).Query["timeoutSeconds"], Is.EqualTo("450"));
    }

    [Test]
    public async Task A_handler_that_throws_does_not_stop_the_others()
    {
        _informer = new Informer<V1ConfigMap>(_client, null, null, _clock, NullLogger.Instance, () => 0.5);
        _informer.AddHandler(_ => throw new InvalidOperationException("broken handler"));
        _informer.AddHandler(change => _changes.Writer.TryWrite(change.Object.Name()));
        _api.Reply(Answer.Json(Answer.List("5", Answer.ConfigMap("a", "1"), Answer.ConfigMap("b", "2"))));

        Run();

        Assert.That(await NextAsync(2), Is.EqualTo(new[] { "a", "b" }));
    }

    [Test]
    public void Handlers_cannot_be_added_once_it_runs()
    {
        Run();

        Assert.That(() => _informer.AddHandler(_ => { }), Throws.InvalidOperationException);
    }

    private static bool IsWatch(RecordedRequest request) => request.Query.ContainsKey("watch");

    private static ChannelReader<string> Lines(params string[] lines)
    {
        var channel = Channel.CreateUnbounded<string>();
        foreach (var line in lines)
        {
            channel.Writer.TryWrite(line);
        }

        return channel.Reader;
    }

    private void Run() => _running = _informer.RunAsync(_stop.Token);

    private string[] WatchVersions() => [.. _api.Requests.Where(IsWatch).Select(request => request.Query["resourceVersion"])];

    private int Lists() => _api.Requests.Count(request => !IsWatch(request));

    private async Task<List<string>> NextAsync(int count)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var taken = new List<string>();
        while (taken.Count < count)
        {
            taken.Add(await _changes.Reader.ReadAsync(limit.Token));
        }

        return taken;
    }

    // Waits until the informer waits for exactly this long, then lets the time pass.
    private async Task PassDelayAsync(TimeSpan delay, bool alone = false)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await _clock.WaitForTimersAsync(timers => timers.Contains(delay) && (!alone || timers.Count == 1), limit.Token);
        _clock.Advance(delay);
    }
}
