using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Informers;
using ModelOperator.Kubernetes.Models;
using ModelOperator.Kubernetes.Tests.Behaviours;
using ModelOperator.Kubernetes.Tests.Fakes;

namespace ModelOperator.Kubernetes.Tests.Informers;

internal sealed class InformerTests : InformerTestBase
{
    [Test]
    [Behaviour(14)]
    public async Task It_lists_then_watches_and_answers_from_memory()
    {
        Informer.AddIndex("value", map => map.Data?.Values ?? []);
        Informer.AddOwnerIndex();
        var owned = Answer.ConfigMap("c", "6", "y").Replace("\"uid\"", "\"ownerReferences\":[{\"uid\":\"owner-1\"}],\"uid\"", StringComparison.Ordinal);
        Api.Reply(Answer.Json(Answer.List("5", Answer.ConfigMap("a", "1", "x"), Answer.ConfigMap("b", "2", "x"))));
        Api.ReplyToWatch(Answer.WatchFrom(Lines(
            Answer.Event("ADDED", owned),
            Answer.Event("MODIFIED", Answer.ConfigMap("a", "7", "y")),
            Answer.Event("DELETED", Answer.ConfigMap("b", "8", "x")))));

        Run();

        Assert.That(await NextAsync(5), Is.EqualTo(new[] { "Added a 1", "Added b 2", "Added c 6", "Modified a 7", "Deleted b 8" }));
        Assert.Multiple(() =>
        {
            Assert.That(Informer.HasSynced, Is.True);
            Assert.That(Informer.Get("a", "default")?.ResourceVersion(), Is.EqualTo("7"));
            Assert.That(Informer.Get("b", "default"), Is.Null);
            Assert.That(Informer.ByIndex("value", "y").Select(map => map.Name()), Is.EquivalentTo(new[] { "a", "c" }));
            Assert.That(Informer.ByIndex("value", "x"), Is.Empty);
            Assert.That(Informer.OwnedBy("owner-1").Single().Name(), Is.EqualTo("c"));
            Assert.That(Informer.List("default"), Has.Count.EqualTo(2));
            Assert.That(Informer.List("other"), Is.Empty);
        });
    }

    [Test]
    [Behaviour(1)]
    [Behaviour(3)]
    public async Task It_lists_at_any_version_then_not_older_than_what_it_saw_and_when_that_is_refused_at_the_newest()
    {
        Api.Reply(Answer.Json(Answer.List("5")));
        Api.ReplyToWatch(Answer.Watch(Answer.Event("ADDED", Answer.ConfigMap("a", "6")), Answer.Event("ERROR", Answer.StatusJson(410, "Expired", "too old"))));
        Api.Reply(Answer.Refusal(504, "Timeout", "Too large resource version: 6, current: 3"));
        Api.Reply(Answer.Json(Answer.List("9", Answer.ConfigMap("a", "6"), Answer.ConfigMap("b", "9"))));

        Run();
        Assert.That(await NextAsync(1), Is.EqualTo(new[] { "Added a 6" }));
        await PassAsync(FirstDelay);

        Assert.That(await NextAsync(1), Is.EqualTo(new[] { "Added b 9" }));
        Assert.That(ListVersions(), Is.EqualTo(new[] { "0", "6", null }));
    }

    [Test]
    [Behaviour(2)]
    [Behaviour(9)]
    public async Task A_watch_continues_from_the_last_event_or_bookmark()
    {
        Api.Reply(Answer.Json(Answer.List("5")));
        Api.ReplyToWatch(Answer.Watch(Answer.Event("ADDED", Answer.ConfigMap("a", "6"))));
        Api.ReplyToWatch(Answer.Watch(Answer.Bookmark("40")));
        Api.ReplyToWatch(Answer.WatchFrom(Lines(Answer.Event("MODIFIED", Answer.ConfigMap("a", "41")))));

        Run();

        Assert.That(await NextAsync(2), Is.EqualTo(new[] { "Added a 6", "Modified a 41" }));
        Assert.That(WatchVersions(), Is.EqualTo(new[] { "5", "6", "40" }));
        Assert.That(ListVersions(), Has.Length.EqualTo(1));
        Assert.That(Api.Requests.Last().Query["allowWatchBookmarks"], Is.EqualTo("true"));
    }

    [TestCase(false)]
    [TestCase(true)]
    [Behaviour(4)]
    public async Task A_deleted_object_is_told_even_when_the_watch_was_away(bool inStream)
    {
        var deleted = new TaskCompletionSource<InformerEvent<V1ConfigMap>>();
        Informer.AddHandler(change =>
        {
            if (change.Type == WatchEventType.Deleted)
            {
                deleted.SetResult(change);
            }
        });
        Api.Reply(Answer.Json(Answer.List("5", Answer.ConfigMap("gone", "1", "last"), Answer.ConfigMap("same", "2"), Answer.ConfigMap("new", "3"))));
        Api.ReplyToWatch(inStream
            ? Answer.Watch(Answer.Event("ERROR", Answer.StatusJson(410, "Expired", "too old")))
            : Answer.Refusal(410, "Expired", "too old"));
        Api.Reply(Answer.Json(Answer.List("90", Answer.ConfigMap("same", "2"), Answer.ConfigMap("new", "80"), Answer.ConfigMap("more", "81"))));

        Run();
        Assert.That(await NextAsync(3), Has.Count.EqualTo(3));
        await PassAsync(FirstDelay);

        Assert.That(await NextAsync(3), Is.EqualTo(new[] { "Deleted gone 1", "Modified new 80", "Added more 81" }));
        Assert.That(Informer.Get("gone", "default"), Is.Null);
        var last = await deleted.Task.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.That((last.IsFinalStateUnknown, last.Object.Data!["v"]), Is.EqualTo((true, "last")));
    }

    [Test]
    [Behaviour(4)]
    public async Task An_object_made_anew_under_the_same_name_is_a_delete_and_an_add()
    {
        Api.Reply(Answer.Json(Answer.List("5", Answer.ConfigMap("a", "1"))));
        Api.ReplyToWatch(Answer.WatchFrom(Lines(Answer.Event("MODIFIED", Answer.ConfigMap("a", "9").Replace("uid-a", "uid-other", StringComparison.Ordinal)))));

        Run();

        Assert.That(await NextAsync(3), Is.EqualTo(new[] { "Added a 1", "Deleted a 1", "Added a 9" }));
    }

    [Test]
    [Behaviour(6)]
    public async Task A_busy_server_is_watched_again_later_and_a_broken_one_listed_again()
    {
        Api.Reply(Answer.Json(Answer.List("5")));
        Api.ReplyToWatch(Answer.Refusal(429, "TooManyRequests", "busy"));
        Api.ReplyToWatch(Answer.Refusal(500, "InternalError", "broken"));
        Api.Reply(Answer.Json(Answer.List("7", Answer.ConfigMap("a", "6"))));

        Run();
        await PassAsync(FirstDelay);
        await PassAsync(2 * FirstDelay);

        Assert.That(await NextAsync(1), Is.EqualTo(new[] { "Added a 6" }));
        Assert.That(WatchVersions().Take(2), Is.EqualTo(new[] { "5", "5" }));
        Assert.That(ListVersions(), Is.EqualTo(new[] { "0", "5" }));
    }

    [Test]
    [Behaviour(7)]
    public async Task A_watch_that_outlives_its_time_is_opened_again()
    {
        Api.Reply(Answer.Json(Answer.List("5", Answer.ConfigMap("a", "1"))));
        Api.ReplyToWatch(Answer.WatchFrom(Lines(Answer.Event("MODIFIED", Answer.ConfigMap("a", "6")))));
        Api.ReplyToWatch(Answer.WatchFrom(Lines(Answer.Event("MODIFIED", Answer.ConfigMap("a", "7")))));
        Run();
        await NextAsync(2);

        // Half-way between 5 and 10 minutes, and 5 s of grace.
        await PassAsync(TimeSpan.FromSeconds(450 + 5));

        Assert.That(await NextAsync(1), Is.EqualTo(new[] { "Modified a 7" }));
        Assert.That(Api.Requests.First(IsWatch).Query["timeoutSeconds"], Is.EqualTo("450"));
        Assert.That(WatchVersions(), Is.EqualTo(new[] { "5", "6" }));
    }

    [Test]
    [Behaviour(7)]
    public void A_watch_timeout_under_five_minutes_is_refused() =>
        Assert.That(() => new InformerOptions { WatchTimeout = TimeSpan.FromMinutes(4) }, Throws.InstanceOf<ArgumentOutOfRangeException>());

    [Test]
    [Behaviour(8)]
    public async Task A_watch_that_ends_at_once_without_an_event_does_not_spin()
    {
        Api.Reply(Answer.Json(Answer.List("5")));
        Api.ReplyToWatch(Answer.Watch());
        Api.Reply(Answer.Json(Answer.List("6", Answer.ConfigMap("a", "6"))));

        Run();
        await PassAsync(FirstDelay);

        Assert.That(await NextAsync(1), Is.EqualTo(new[] { "Added a 6" }));
        Assert.That(ListVersions(), Has.Length.EqualTo(2));
    }

    [Test]
    [Behaviour(2)]
    public async Task A_cut_line_loses_nothing_and_needs_no_list()
    {
        var whole = Answer.Event("ADDED", Answer.ConfigMap("a", "6"));
        Api.Reply(Answer.Json(Answer.List("5")));
        Api.ReplyToWatch(Answer.WatchCutAfter(whole + "\n" + Answer.Event("ADDED", Answer.ConfigMap("b", "7"))[..50]));
        Api.ReplyToWatch(Answer.WatchFrom(Lines(Answer.Event("ADDED", Answer.ConfigMap("b", "7")))));

        Run();

        Assert.That(await NextAsync(2), Is.EqualTo(new[] { "Added a 6", "Added b 7" }));
        Assert.That(WatchVersions(), Is.EqualTo(new[] { "5", "6" }));
        Assert.That(ListVersions(), Has.Length.EqualTo(1));
    }

    [Test]
    [Behaviour(11)]
    public async Task Lists_are_paged_unless_they_are_of_a_given_version()
    {
        Api.Reply(Answer.Json(Answer.List("5")));
        Api.ReplyToWatch(Answer.Refusal(410, "Expired", "too old"));
        Api.Reply(Answer.Json(Answer.List("6", Answer.ConfigMap("a", "6"))));

        Run();
        await PassAsync(FirstDelay);
        await NextAsync(1);

        Assert.That(Api.Requests.Where(request => !IsWatch(request)).Select(request => request.Query.GetValueOrDefault("limit")), Is.EqualTo(new[] { "500", null }));
    }

    [Test]
    [Behaviour(12)]
    public async Task Objects_are_trimmed_before_anyone_sees_them()
    {
        var seen = new TaskCompletionSource<V1ConfigMap>();
        Informer.SetTransform(map => map.Data = null);
        Informer.AddHandler(change => seen.TrySetResult(change.Object));
        Api.Reply(Answer.Json(Answer.List("5", Answer.ConfigMap("a", "1", "large"))));

        Run();

        Assert.That((await seen.Task.WaitAsync(TimeSpan.FromSeconds(30))).Data, Is.Null);
        Assert.That(Informer.Get("a", "default")!.Data, Is.Null);
    }

    [Test]
    [Behaviour(12)]
    public async Task Metadata_alone_is_asked_for_and_kept()
    {
        var informer = Create<PartialObjectMetadata<V1ConfigMap>>(new InformerOptions { StreamsInitialObjects = false });
        informer.AddHandler(change => Tell(change.Object.Name()));
        Api.Reply(Answer.Json(Answer.List("5", Answer.ConfigMap("a", "1", "large"))));

        Run(informer);
        await NextAsync(1);

        Assert.That(Api.Requests.First().Path, Is.EqualTo("/api/v1/configmaps"));
        Assert.That(Api.Requests.First().Headers["Accept"], Does.StartWith("application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"));
        Assert.That(informer.Get("a", "default")!.Uid(), Is.EqualTo("uid-a"));
    }

    [Test]
    [Behaviour(15)]
    public async Task A_resync_tells_every_object_again_without_asking_the_server()
    {
        Use(new InformerOptions { StreamsInitialObjects = false, ResyncPeriod = TimeSpan.FromHours(10) });
        Api.Reply(Answer.Json(Answer.List("5", Answer.ConfigMap("a", "1"), Answer.ConfigMap("b", "2"))));
        Run();
        await NextAsync(2);
        var requests = Api.Requests.Count(request => !IsWatch(request));

        Clock.Advance(TimeSpan.FromHours(10));

        Assert.That(await NextAsync(2), Is.EquivalentTo(new[] { "Resync a 1", "Resync b 2" }));
        Assert.That(Api.Requests.Count(request => !IsWatch(request)), Is.EqualTo(requests));
    }
}
