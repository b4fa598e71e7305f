using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using ModelOperator.Kubernetes.Informers;
using ModelOperator.Kubernetes.Models;
using ModelOperator.Kubernetes.Tests.Behaviours;
using ModelOperator.Kubernetes.Tests.Fakes;

namespace ModelOperator.Kubernetes.Tests.Informers;

internal sealed class HandlerTests : InformerTestBase
{
    [Test]
    [Behaviour(13)]
    public async Task A_slow_handler_falls_behind_alone()
    {
        var release = new ManualResetEventSlim();
        var slow = Informer.AddHandler(_ => release.Wait());
        var quick = Informer.AddHandler(_ => { });
        Api.Reply(Answer.Json(Answer.List("5", Answer.ConfigMap("a", "1"))));
        Api.ReplyToWatch(Answer.WatchFrom(Lines(Answer.Event("MODIFIED", Answer.ConfigMap("a", "6")))));

        Run();

        Assert.That(await NextAsync(2), Is.EqualTo(new[] { "Added a 1", "Modified a 6" }));
        await quick.WaitForSyncAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30));
        Assert.That((slow.HasSynced, Informer.HasSynced), Is.EqualTo((false, false)));
        release.Set();
        await Informer.WaitForSyncAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30));
        Assert.That(slow.HasSynced, Is.True);
    }

    [Test]
    public async Task A_handler_that_throws_stops_neither_itself_nor_the_others()
    {
        Informer.AddHandler(_ => throw new InvalidOperationException("broken handler"));
        Api.Reply(Answer.Json(Answer.List("5", Answer.ConfigMap("a", "1"), Answer.ConfigMap("b", "2"))));

        Run();

        Assert.That(await NextAsync(2), Is.EqualTo(new[] { "Added a 1", "Added b 2" }));
        await Informer.WaitForSyncAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30));
        Assert.That(Logger.At(LogLevel.Error), Has.Exactly(2).Items);
    }

    [Test]
    public void Handlers_cannot_be_added_once_it_runs()
    {
        Run();

        Assert.That(() => Informer.AddHandler(_ => { }), Throws.InvalidOperationException);
    }

    [Test]
    [Behaviour(13)]
    public void Everyone_who_asks_for_a_kind_and_scope_gets_the_same_informer()
    {
        var informers = new SharedInformers(new FakeCluster(), Clock, NullLoggerFactory.Instance, "here");
        Assert.Multiple(() =>
        {
            Assert.That(informers.Get<V1ConfigMap>("a=b"), Is.SameAs(informers.Get<V1ConfigMap>(labelSelector: "a=b")));
            Assert.That(informers.Get<V1ConfigMap>(), Is.SameAs(informers.Get<V1ConfigMap>(new InformerOptions { NamespaceName = "here" })));
            Assert.That(informers.Get<V1ConfigMap>(), Is.Not.SameAs(informers.Get<V1ConfigMap>("a=b")));
            Assert.That(informers.Get<V1ConfigMap>(), Is.Not.SameAs(informers.Get<V1ConfigMap>(new InformerOptions { NamespaceName = "there" })));
            Assert.That(informers.Get<V1ConfigMap>(), Is.Not.SameAs(informers.Get<V1ConfigMap>(new InformerOptions { NamespaceName = "here", FieldSelector = "metadata.name=x" })));
            Assert.That(informers.Get<V1ConfigMap>(), Is.Not.SameAs(informers.Get<PartialObjectMetadata<V1ConfigMap>>()));
        });
    }
}
