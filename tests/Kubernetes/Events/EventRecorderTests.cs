using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Events;
using ModelOperator.Kubernetes.Models;
using ModelOperator.Kubernetes.Tests.Behaviours;
using ModelOperator.Kubernetes.Tests.Fakes;
using ModelOperator.TestSupport;

namespace ModelOperator.Kubernetes.Tests.Events;

internal sealed class EventRecorderTests
{
    private const string Created = """{"apiVersion":"v1","kind":"Event","metadata":{"name":"e","namespace":"default","resourceVersion":"1"}}""";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ManualTimeProvider _clock = new();
    private readonly V1Deployment _web = new() { Metadata = new V1ObjectMeta { Name = "web", NamespaceProperty = "default", Uid = "u" } };
    private FakeApi _api = null!;
    private KubernetesClient _client = null!;
    private FakeMeters _meters = null!;
    private EventRecorder _recorder = null!;

    [SetUp]
    public async Task SetUp()
    {
        _api = await FakeApi.StartAsync();
        _client = _api.CreateClient();
        _meters = new FakeMeters();
        _recorder = new EventRecorder(_client, "operator", new EventMetrics(_meters), _clock, NullLogger<EventRecorder>.Instance);
    }

    [TearDown]
    public async Task TearDown()
    {
        _recorder.Dispose();
        _client.Dispose();
        _meters.Dispose();
        await _api.DisposeAsync();
    }

    [Test]
    public async Task An_occurrence_is_created_and_its_repetition_patched()
    {
        _api.Reply(Answer.Json(Created, 201));
        _api.Reply(Answer.Json(Created));
        _recorder.Record(_web, EventType.Warning, "Failing", "no luck");
        _clock.Advance(TimeSpan.FromSeconds(7));
        _recorder.Record(_web, EventType.Warning, "Failing", "no luck");
        await WriteAllAsync();

        var requests = _api.Requests.ToList();
        var created = JsonNode.Parse(requests[0].Body)!;
        Assert.That((requests[0].Method, requests[0].Path), Is.EqualTo(("POST", "/api/v1/namespaces/default/events")));
        Assert.That((string?)created["message"], Is.EqualTo("no luck"));
        Assert.That((int?)created["count"], Is.EqualTo(1));
        Assert.That((requests[1].Method, requests[1].Path), Is.EqualTo(("PATCH", $"/api/v1/namespaces/default/events/{created["metadata"]!["name"]}")));
        Assert.That(
            JsonNode.DeepEquals(JsonNode.Parse(requests[1].Body), JsonNode.Parse("""{"count":2,"message":"no luck","lastTimestamp":"2026-01-01T12:00:07Z"}""")),
            Is.True,
            requests[1].Body);
    }

    [Test]
    public async Task An_event_that_has_expired_is_told_anew()
    {
        _api.Reply(Answer.Json(Created, 201));
        _api.Reply(Answer.Refusal(404, "NotFound", "gone"));
        _api.Reply(Answer.Json(Created, 201));
        _recorder.Record(_web, EventType.Normal, "Reason", "text");
        _recorder.Record(_web, EventType.Normal, "Reason", "text");
        await WriteAllAsync();

        Assert.That(_api.Requests.Select(r => r.Method), Is.EqualTo(new[] { "POST", "PATCH", "POST" }));
        Assert.That((int?)JsonNode.Parse(_api.Requests.Last().Body)!["count"], Is.EqualTo(1));
    }

    [Test]
    [Behaviour(37)]
    public async Task Recording_never_waits_and_what_the_queue_cannot_take_is_counted()
    {
        // Nobody writes yet.
        for (var i = 0; i < EventRecorder.QueueLength + 5; i++)
        {
            _recorder.Record(_web, EventType.Normal, "Reason", "text");
        }

        Assert.That(_meters["kubernetes_events_dropped_total{reason=queue_full}"], Is.EqualTo(5));
        for (var i = 0; i < 25; i++)
        {
            _api.Reply(Answer.Json(Created));
        }

        await WriteAllAsync();
        Assert.That(_api.Requests, Has.Count.EqualTo(25));
        Assert.That(_meters["kubernetes_events_dropped_total{reason=spam}"], Is.EqualTo(EventRecorder.QueueLength - 25));
    }

    [Test]
    [Behaviour(37)]
    public async Task A_server_in_trouble_is_tried_twelve_times()
    {
        for (var i = 0; i < EventRecorder.Attempts; i++)
        {
            _api.Reply(Answer.Refusal(500, "InternalError", "etcd is away"));
        }

        _recorder.Record(_web, EventType.Normal, "Reason", "text");
        _recorder.Start();
        for (var i = 1; i < EventRecorder.Attempts; i++)
        {
            var attempts = i;
            await UntilAsync(() => _api.Requests.Count == attempts && _clock.PendingTimers.Count > 0);
            _clock.Advance(EventRecorder.RetryPause);
        }

        await _recorder.StopAsync(CancellationToken.None).WaitAsync(Patience);
        Assert.That(_api.Requests, Has.Count.EqualTo(EventRecorder.Attempts));
        Assert.That(_meters["kubernetes_events_dropped_total{reason=failed}"], Is.EqualTo(1));
    }

    [Test]
    public async Task What_the_server_refuses_is_not_tried_again_and_what_follows_is_written()
    {
        _api.Reply(Answer.Refusal(422, "Invalid", "no such namespace"));
        _api.Reply(Answer.Json(Created, 201));
        _recorder.Record(_web, EventType.Normal, "Reason", "refused");
        _recorder.Record(_web, EventType.Normal, "Reason", "taken");
        await WriteAllAsync();

        Assert.That(_api.Requests.Select(r => (string?)JsonNode.Parse(r.Body)!["message"]), Is.EqualTo(new[] { "refused", "taken" }));
        Assert.That(_meters["kubernetes_events_dropped_total{reason=failed}"], Is.EqualTo(1));
    }

    [Test]
    public async Task A_stop_that_may_not_wait_drops_the_rest()
    {
        _api.Reply(Answer.Refusal(500, "InternalError", "etcd is away"));
        _recorder.Record(_web, EventType.Normal, "Reason", "one");
        _recorder.Record(_web, EventType.Normal, "Reason", "two");
        _recorder.Start();
        await UntilAsync(() => _api.Requests.Count == 1 && _clock.PendingTimers.Count > 0);

        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _recorder.StopAsync(now.Token).WaitAsync(Patience);

        Assert.That(_meters["kubernetes_events_dropped_total{reason=failed}"], Is.EqualTo(2));
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (!condition())
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System, CancellationToken.None);
        }
    }

    private async Task WriteAllAsync()
    {
        _recorder.Start();
        await _recorder.StopAsync(CancellationToken.None).WaitAsync(Patience);
    }
}
