using Microsoft.Extensions.Logging;
using ModelOperator.Kubernetes.Tests.Fakes;

namespace ModelOperator.Kubernetes.Tests.Informers;

internal sealed class GarbageTests : InformerTestBase
{
    private static readonly string Typed = Answer.ConfigMap("bad", "6").Replace("\"data\":{\"v\":\"\"}", "\"data\":[1]", StringComparison.Ordinal);

    [TestCase("""{"kind":"ConfigMap","apiVersion":"v1","data":{}}""", "metadata", "no metadata.name")]
    [TestCase("""{"kind":"ConfigMap","metadata":null}""", "metadata", "no metadata.name")]
    [TestCase("""{"kind":"Gadget","apiVersion":"example.com/v1","metadata":{"name":"x"},"spec":[1,{}]}""", "kind", "is a Gadget")]
    [TestCase("""{"kind":"ConfigMap","metadata":{"name":"x","resourceVersion":"-5"}}""", "version", "resourceVersion is -5")]
    [TestCase("""{"kind":"ConfigMap","metadata":{"name":"x","namespace":"default"},"data":[1]}""", "json", "default/x")]
    public async Task An_object_that_nobody_can_use_is_told_once_counted_and_left_out(string bad, string reason, string told)
    {
        Api.Reply(Answer.Json(Answer.List("5", bad, Answer.ConfigMap("a", "1"))));
        Api.ReplyToWatch(Answer.WatchFrom(Lines(
            Answer.Event("MODIFIED", bad), Answer.Event("MODIFIED", bad), Answer.Event("MODIFIED", Answer.ConfigMap("a", "9")))));

        Run();

        Assert.That(await NextAsync(2), Is.EqualTo(new[] { "Added a 1", "Modified a 9" }));
        Assert.That(Logger.At(LogLevel.Warning), Has.Exactly(1).Items.And.One.Contains(told));
        Assert.That(Meters[$"informer_invalid_total{{resource=configmaps,reason={reason}}}"], Is.EqualTo(3));
    }

    [Test]
    public async Task An_object_that_cannot_be_read_any_more_is_not_taken_for_deleted()
    {
        Api.Reply(Answer.Json(Answer.List("5", Answer.ConfigMap("bad", "1"), Answer.ConfigMap("gone", "1"))));
        Api.ReplyToWatch(Answer.Refusal(410, "Expired", "too old"));
        Api.Reply(Answer.Json(Answer.List("9", Typed)));
        Run();
        await NextAsync(2);

        await PassAsync(FirstDelay);

        Assert.That(await NextAsync(1), Is.EqualTo(new[] { "Deleted gone 1" }));
        Assert.That(Informer.Get("bad", "default"), Is.Not.Null);
    }

    [TestCase("<html>\n")]
    [TestCase("{\"type\":\"MODIFIED\",\"object\":{\"kind\":\"Conf\n")]
    [TestCase("{\"type\":\"RENAMED\",\"object\":{\"metadata\":{\"name\":\"a\"}}}\n")]
    [TestCase("{\"type\":\"MODIFIED\",\"object\":{}}}}}\n")]
    [TestCase("[]\n")]
    public async Task A_stream_of_something_else_leads_to_a_list(string text)
    {
        Api.Reply(Answer.Json(Answer.List("5")));
        Api.ReplyToWatch(Answer.Html(200, text));
        Api.Reply(Answer.Json(Answer.List("6", Answer.ConfigMap("a", "6"))));

        Run();
        await PassAsync(FirstDelay);

        Assert.That(await NextAsync(1), Is.EqualTo(new[] { "Added a 6" }));
        Assert.That(Meters["informer_invalid_total{resource=configmaps,reason=answer}"], Is.EqualTo(1));
    }

    [TestCase("<html><body>Sign in</body></html>")]
    [TestCase("""{"kind":"ConfigMapList","metadata":{"resourceVersion":"5"},"items":[{"metadata":""")]
    [TestCase("""{"kind":"ConfigMapList","items":[]}""")]
    [TestCase("""{"kind":"ConfigMapList","metadata":{},"items":{}}""")]
    [TestCase("""{"kind":"Status","metadata":{}}""")]
    [TestCase("null")]
    [TestCase("")]
    public async Task The_same_trouble_with_a_list_is_told_once_and_tried_again_later_each_time(string answer)
    {
        Api.Reply(Answer.Html(200, answer));
        Api.Reply(Answer.Html(200, answer));
        Api.Reply(Answer.Json(Answer.List("5", Answer.ConfigMap("a", "1"))));

        Run();
        await PassAsync(FirstDelay);
        Assert.That(Informer.HasSynced, Is.False);
        await PassAsync(2 * FirstDelay);

        Assert.That(await NextAsync(1), Is.EqualTo(new[] { "Added a 1" }));
        Assert.That(Logger.At(LogLevel.Warning), Has.Exactly(1).Items.And.One.Contains("listing configmaps"));
        Assert.That(Meters["informer_invalid_total{resource=configmaps,reason=answer}"], Is.EqualTo(2));
    }
}
