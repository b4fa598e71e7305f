using System.Text;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Models;
using ModelOperator.Kubernetes.Tests.Fakes;

namespace ModelOperator.Kubernetes.Tests.Client;

internal sealed class WatchTests
{
    private FakeApi _api = null!;
    private KubernetesClient _client = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _api = await FakeApi.StartAsync();
        _client = _api.CreateClient();
    }

    [TearDown]
    public async Task StopAsync()
    {
        _client.Dispose();
        await _api.DisposeAsync();
    }

    [Test]
    public async Task Events_come_in_order_with_bookmarks_and_the_end_of_the_stream_ends_the_watch()
    {
        _api.ReplyToWatch(Answer.Watch(
            Answer.Event("ADDED", Answer.ConfigMap("a", "2")),
            "",
            Answer.Event("MODIFIED", Answer.ConfigMap("a", "3")),
            Answer.Bookmark("9"),
            Answer.Event("DELETED", Answer.ConfigMap("a", "10"))));

        var events = await TakeAllAsync(_client.WatchAsync<V1ConfigMap>("default", resourceVersion: "1", timeout: TimeSpan.FromSeconds(301)));

        Assert.That(
            events.Select(change => $"{change.Type} {change.Object.ResourceVersion()}"),
            Is.EqualTo(new[] { "Added 2", "Modified 3", "Bookmark 9", "Deleted 10" }));
        var query = _api.Requests.Single().Query;
        Assert.Multiple(() =>
        {
            Assert.That(query["watch"], Is.EqualTo("true"));
            Assert.That(query["allowWatchBookmarks"], Is.EqualTo("true"));
            Assert.That(query["resourceVersion"], Is.EqualTo("1"));
            Assert.That(query["timeoutSeconds"], Is.EqualTo("301"));
        });
    }

    [Test]
    public async Task A_410_as_status_is_expired()
    {
        _api.ReplyToWatch(Answer.Refusal(410, "Expired", "too old resource version"));

        var error = (await Assert.ThrowsAsync<KubernetesException>(() => TakeAllAsync(_client.WatchAsync<V1ConfigMap>())))!;

        Assert.That(error.IsExpired, Is.True);
    }

    [Test]
    public async Task A_410_in_the_stream_is_expired()
    {
        _api.ReplyToWatch(Answer.Watch(Answer.Event("ERROR", Answer.StatusJson(410, "Expired", "too old resource version"))));

        var error = (await Assert.ThrowsAsync<KubernetesException>(() => TakeAllAsync(_client.WatchAsync<V1ConfigMap>())))!;

        Assert.That(error.IsExpired, Is.True);
        Assert.That(error.Message, Is.EqualTo("too old resource version"));
    }

    [Test]
    public async Task A_cut_line_is_an_error_and_no_event()
    {
        var whole = Answer.Event("ADDED", Answer.ConfigMap("a", "2")) + "\n";
        _api.ReplyToWatch(Answer.WatchCutAfter(whole + whole[..40]));
        var seen = new List<string>();

        var error = (await Assert.ThrowsAsync<IOException>(async () =>
        {
            await foreach (var change in _client.WatchAsync<V1ConfigMap>())
            {
                seen.Add(change.Object.Name());
            }
        }))!;

        Assert.That(seen, Is.EqualTo(new[] { "a" }));
        Assert.That(error.Message, Does.Contain("in the middle of an event"));
    }

    [Test]
    public async Task A_page_of_html_is_no_watch()
    {
        _api.ReplyToWatch(Answer.Html(200, "<html>\nlogin\n</html>\n"));

        await Assert.ThrowsAsync<InvalidDataException>(() => TakeAllAsync(_client.WatchAsync<V1ConfigMap>()));
    }

    [Test]
    public async Task The_type_may_stand_behind_the_object()
    {
        _api.ReplyToWatch(Answer.Watch($$"""{"object":{{Answer.ConfigMap("a", "2")}},"type":"ADDED"}"""));

        var events = await TakeAllAsync(_client.WatchAsync<V1ConfigMap>());

        Assert.That(events.Single().Object.Name(), Is.EqualTo("a"));
    }

    [Test]
    public async Task An_event_of_five_megabytes_arrives_whole()
    {
        var value = new StringBuilder().Insert(0, "0123456789", 500_000).ToString();
        _api.ReplyToWatch(Answer.Watch(Answer.Event("ADDED", Answer.ConfigMap("a", "2", value)), Answer.Event("ADDED", Answer.ConfigMap("b", "3"))));

        var events = await TakeAllAsync(_client.WatchAsync<V1ConfigMap>());

        Assert.That(events.Select(change => change.Object.Data!["v"].Length), Is.EqualTo(new[] { 5_000_000, 0 }));
    }

    [Test]
    public async Task Cancelling_ends_an_idle_watch()
    {
        using var stop = new CancellationTokenSource();
        var watch = TakeAllAsync(_client.WatchAsync<V1ConfigMap>(cancellationToken: stop.Token));

        await stop.CancelAsync();

        Assert.That(async () => await watch, Throws.InstanceOf<OperationCanceledException>());
    }

    private static async Task<List<WatchEvent<V1ConfigMap>>> TakeAllAsync(IAsyncEnumerable<WatchEvent<V1ConfigMap>> watch)
    {
        var events = new List<WatchEvent<V1ConfigMap>>();
        await foreach (var change in watch)
        {
            events.Add(change);
        }

        return events;
    }
}
