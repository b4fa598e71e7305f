using ModelOperator.Kubernetes.Informers;
using ModelOperator.Kubernetes.Tests.Fakes;

namespace ModelOperator.Kubernetes.Tests.Informers;

internal sealed class OptionalKindTests : InformerTestBase
{
    // Ten seconds and, with a random number of 0.5, a quarter more.
    private static readonly TimeSpan Recheck = TimeSpan.FromSeconds(12.5);

    [Test]
    public async Task A_kind_that_is_not_served_has_no_objects_and_is_followed_once_it_is()
    {
        Use(new InformerOptions { StreamsInitialObjects = false, ResyncPeriod = null, IsOptional = true });
        Api.Reply(Answer.Refusal(404, "NotFound", "the server could not find the requested resource"));
        Api.Reply(Answer.Refusal(404, "NotFound", "the server could not find the requested resource"));
        Api.Reply(Answer.Json(Answer.List("5", Answer.ConfigMap("a", "1"))));

        Run();
        await Informer.WaitForSyncAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30));
        Assert.That((Informer.HasSynced, Informer.List().Count), Is.EqualTo((true, 0)));
        await PassAsync(Recheck);
        Assert.That(Informer.Refusal?.IsNotFound, Is.True);
        await PassAsync(Recheck);

        Assert.That(await NextAsync(1), Is.EqualTo(new[] { "Added a 1" }));
        Assert.That(Informer.Refusal, Is.Null);
    }

    [Test]
    public async Task A_kind_that_is_no_longer_served_loses_its_objects()
    {
        Use(new InformerOptions { StreamsInitialObjects = false, ResyncPeriod = null, IsOptional = true });
        Api.Reply(Answer.Json(Answer.List("5", Answer.ConfigMap("a", "1"))));
        Api.ReplyToWatch(Answer.Watch(Answer.Event("ERROR", Answer.StatusJson(410, "Expired", "too old"))));
        Api.Reply(Answer.Refusal(404, "NotFound", "the server could not find the requested resource"));

        Run();
        Assert.That(await NextAsync(1), Is.EqualTo(new[] { "Added a 1" }));
        await PassAsync(FirstDelay);

        Assert.That(await NextAsync(1), Is.EqualTo(new[] { "Deleted a 1" }));
    }

    [Test]
    public async Task A_kind_that_may_no_longer_be_listed_keeps_its_objects_and_tells_why()
    {
        Use(new InformerOptions { StreamsInitialObjects = false, ResyncPeriod = null, IsOptional = true });
        Api.Reply(Answer.Json(Answer.List("5", Answer.ConfigMap("a", "1"))));
        Api.ReplyToWatch(Answer.Watch(Answer.Event("ERROR", Answer.StatusJson(410, "Expired", "too old"))));
        Api.Reply(Answer.Refusal(403, "Forbidden", "cannot list configmaps"));
        Api.Reply(Answer.Json(Answer.List("6", Answer.ConfigMap("b", "6"))));

        Run();
        Assert.That(await NextAsync(1), Is.EqualTo(new[] { "Added a 1" }));
        await PassAsync(FirstDelay);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await Clock.WaitForTimersAsync(timers => timers.Contains(Recheck), limit.Token);
        Assert.Multiple(() =>
        {
            Assert.That(Informer.Refusal?.Message, Is.EqualTo("cannot list configmaps"));
            Assert.That(Informer.List(), Has.Count.EqualTo(1));
        });
        Clock.Advance(Recheck);

        Assert.That(await NextAsync(2), Is.EquivalentTo(new[] { "Added b 6", "Deleted a 1" }));
    }

    [Test]
    public async Task Any_other_kind_is_tried_with_backoff_and_is_not_synced()
    {
        Api.Reply(Answer.Refusal(404, "NotFound", "the server could not find the requested resource"));
        Api.Reply(Answer.Json(Answer.List("5", Answer.ConfigMap("a", "1"))));

        Run();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await Clock.WaitForTimersAsync(timers => timers.Contains(FirstDelay), limit.Token);
        Assert.That((Informer.HasSynced, Informer.Refusal), Is.EqualTo((false, default(object))));
        Clock.Advance(FirstDelay);

        Assert.That(await NextAsync(1), Is.EqualTo(new[] { "Added a 1" }));
    }
}
