using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using ModelOperator.Kubernetes.Informers;
using ModelOperator.Kubernetes.Tests.Behaviours;
using ModelOperator.Kubernetes.Tests.Fakes;

namespace ModelOperator.Kubernetes.Tests.Informers;

internal sealed class StreamedListTests : InformerTestBase
{
    private static readonly string End = Answer.Bookmark("50").Replace(
        "\"creationTimestamp\":null", "\"annotations\":{\"k8s.io/initial-events-end\":\"true\"}", StringComparison.Ordinal);

    [SetUp]
    public void Stream() => Use(new InformerOptions { ResyncPeriod = null });

    [Test]
    [Behaviour(2)]
    [Behaviour(10)]
    public async Task The_first_objects_come_through_the_watch_which_goes_on_with_changes()
    {
        var lines = Channel.CreateUnbounded<string>();
        Api.ReplyToWatch(Answer.WatchFrom(lines.Reader));
        Run();

        // In no order of versions, and incomplete until the bookmark: nothing is told before it.
        lines.Writer.TryWrite(Answer.Event("ADDED", Answer.ConfigMap("b", "30")));
        lines.Writer.TryWrite(Answer.Event("ADDED", Answer.ConfigMap("a", "20")));
        Assert.That(Informer.HasSynced, Is.False);
        lines.Writer.TryWrite(End);
        lines.Writer.TryWrite(Answer.Event("MODIFIED", Answer.ConfigMap("a", "51")));

        Assert.That(await NextAsync(3), Is.EquivalentTo(new[] { "Added a 20", "Added b 30", "Modified a 51" }));
        var request = Api.Requests.Single();
        Assert.Multiple(() =>
        {
            Assert.That(request.Query["sendInitialEvents"], Is.EqualTo("true"));
            Assert.That(request.Query["resourceVersionMatch"], Is.EqualTo("NotOlderThan"));
            Assert.That(request.Query, Does.Not.ContainKey("resourceVersion"));
            Assert.That(Informer.HasSynced, Is.True);
        });
    }

    [TestCase(400)]
    [TestCase(403)]
    [TestCase(422)]
    [TestCase(501)]
    [Behaviour(10)]
    public async Task A_server_that_does_not_stream_is_listed_from_at_once(int code)
    {
        Api.ReplyToWatch(Answer.Refusal(code, "Invalid", "sendInitialEvents is forbidden for watch unless the WatchList feature gate is enabled"));
        Api.Reply(Answer.Json(Answer.List("5", Answer.ConfigMap("a", "1"))));

        Run();

        Assert.That(await NextAsync(1), Is.EqualTo(new[] { "Added a 1" }));
        Assert.That(Logger.At(LogLevel.Information), Has.One.Contains("does not stream configmaps"));
    }

    [Test]
    [Behaviour(10)]
    public async Task A_stream_that_breaks_before_its_end_is_followed_by_a_list()
    {
        Api.ReplyToWatch(Answer.Watch(Answer.Event("ADDED", Answer.ConfigMap("half", "1"))));
        Api.Reply(Answer.Json(Answer.List("5", Answer.ConfigMap("a", "1"))));

        Run();
        await PassAsync(FirstDelay);

        Assert.That(await NextAsync(1), Is.EqualTo(new[] { "Added a 1" }));
        Assert.That(Informer.Get("half", "default"), Is.Null);
    }

    [Test]
    [Behaviour(10)]
    public async Task A_stream_whose_end_is_late_is_told()
    {
        Api.ReplyToWatch(Answer.WatchFrom(Channel.CreateUnbounded<string>().Reader));
        Run();

        await PassAsync(TimeSpan.FromSeconds(10));

        Assert.That(Logger.At(LogLevel.Warning), Has.One.Contains("has not come to its end"));
    }

    [Test]
    [Behaviour(4)]
    public async Task A_stream_after_an_expired_watch_tells_deletes()
    {
        Api.ReplyToWatch(Answer.Watch(
            Answer.Event("ADDED", Answer.ConfigMap("gone", "1")), End, Answer.Event("ERROR", Answer.StatusJson(410, "Expired", "too old"))));
        Api.ReplyToWatch(Answer.WatchFrom(Lines(Answer.Event("ADDED", Answer.ConfigMap("new", "60")), End)));
        Run();
        await NextAsync(1);

        await PassAsync(FirstDelay);

        Assert.That(await NextAsync(2), Is.EqualTo(new[] { "Deleted gone 1", "Added new 60" }));
        Assert.That(WatchVersions(), Is.EqualTo(new[] { null, "50" }));
    }
}
