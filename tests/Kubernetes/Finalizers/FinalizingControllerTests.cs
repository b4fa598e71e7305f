using System.Net;
using System.Text.Json.Nodes;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Controllers;
using ModelOperator.Kubernetes.Finalizers;
using ModelOperator.Kubernetes.Models;
using ModelOperator.Kubernetes.Serialization;
using ModelOperator.Kubernetes.Tests.Behaviours;
using ModelOperator.Kubernetes.Tests.Events;
using ModelOperator.Kubernetes.Tests.Fakes;

namespace ModelOperator.Kubernetes.Tests.Finalizers;

internal sealed class FinalizingControllerTests
{
    private const string Bucket = "example.com/bucket";

    private readonly RecordedEvents _events = new();
    private readonly List<string> _log = [];
    private FakeApi _api = null!;
    private KubernetesClient _client = null!;
    private FinalizingController<V1ConfigMap> _controller = null!;
    private string? _failure;

    [SetUp]
    public async Task SetUp()
    {
        _api = await FakeApi.StartAsync();
        _client = _api.CreateClient();
        _controller = new FinalizingController<V1ConfigMap>(
            new Inner(_log), [new EntityFinalizer<V1ConfigMap>(Bucket, new Cleaner(this))], _client, _events);
    }

    [TearDown]
    public async Task TearDown()
    {
        _client.Dispose();
        await _api.DisposeAsync();
    }

    [Test]
    [Behaviour(38)]
    public async Task The_finalizer_is_attached_in_a_pass_of_its_own_before_the_controller_acts()
    {
        ReplyWith(Entity(false, Bucket));

        var first = await _controller.ReconcileAsync(Entity(false), CancellationToken.None);
        Assert.That(_log, Is.Empty);
        Assert.That(first.RequeueAfter, Is.Not.Null);
        Assert.That(_api.Requests.Single().Headers["Content-Type"], Does.StartWith("application/json-patch+json"));

        await _controller.ReconcileAsync(Entity(false, Bucket), CancellationToken.None);
        Assert.That(_log, Is.EqualTo(new[] { "reconcile" }));
        Assert.That(_api.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    [Behaviour(38)]
    public async Task A_deletion_runs_the_finalizer_and_takes_it_out_last_wherever_it_stands()
    {
        ReplyWith(Entity(true, "a.io/other"));

        var result = await _controller.ReconcileAsync(Entity(true, "a.io/other", Bucket), CancellationToken.None);

        Assert.That(result.IsSuccess, Is.True);
        Assert.That(_log, Is.EqualTo(new[] { "clean" }), "the controller does not act on what is being deleted");
        Assert.That((string?)JsonNode.Parse(_api.Requests.Single().Body)![1]!["path"], Is.EqualTo("/metadata/finalizers/1"));
    }

    [Test]
    public async Task A_finalizer_that_fails_stays_is_told_and_tried_again()
    {
        _failure = "the bucket is not empty";

        var result = await _controller.ReconcileAsync(Entity(true, Bucket), CancellationToken.None);

        Assert.That((result.IsSuccess, result.ErrorMessage), Is.EqualTo((false, "the bucket is not empty")));
        Assert.That(_events.Texts, Is.EqualTo(new[] { "Warning FinalizerFailed settings: example.com/bucket: the bucket is not empty" }));
        Assert.That(_api.Requests, Is.Empty);
    }

    [Test]
    public async Task A_list_that_somebody_changed_meanwhile_is_left_alone_and_looked_at_again()
    {
        _api.Reply(Answer.Refusal(422, "Invalid", "the server rejected our request due to an error in our request"));

        var result = await _controller.ReconcileAsync(Entity(false), CancellationToken.None);

        Assert.That(result.IsSuccess, Is.False);
        Assert.That(_log, Is.Empty);
    }

    [Test]
    public async Task An_entity_that_went_meanwhile_is_done()
    {
        _api.Reply(Answer.Refusal(404, "NotFound", "gone"));

        var result = await _controller.ReconcileAsync(Entity(true, Bucket), CancellationToken.None);

        Assert.That(result.IsSuccess, Is.True);
    }

    [Test]
    public async Task One_that_died_between_cleaning_and_detaching_cleans_again()
    {
        _api.Reply(Answer.Refusal((int)HttpStatusCode.InternalServerError, "InternalError", "etcd is away"));
        ReplyWith(Entity(true));

        Assert.That(async () => await _controller.ReconcileAsync(Entity(true, Bucket), CancellationToken.None), Throws.InstanceOf<KubernetesException>());
        await _controller.ReconcileAsync(Entity(true, Bucket), CancellationToken.None);

        Assert.That(_log, Is.EqualTo(new[] { "clean", "clean" }));
    }

    private static V1ConfigMap Entity(bool isDeleted, params string[] finalizers) => new()
    {
        ApiVersion = "v1",
        Kind = "ConfigMap",
        Metadata = new V1ObjectMeta
        {
            Name = "settings",
            NamespaceProperty = "default",
            Uid = "u",
            ResourceVersion = "1",
            DeletionTimestamp = isDeleted ? new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc) : null,
            Finalizers = finalizers.Length == 0 ? null : [.. finalizers],
        },
    };

    private void ReplyWith(V1ConfigMap entity) => _api.Reply(Answer.Json(KubernetesJson.Serialize(entity)));

    private sealed class Inner(List<string> log) : IEntityController<V1ConfigMap>
    {
        public Task<ReconciliationResult<V1ConfigMap>> ReconcileAsync(V1ConfigMap entity, CancellationToken cancellationToken)
        {
            log.Add("reconcile");
            return Task.FromResult(ReconciliationResult<V1ConfigMap>.Success(entity));
        }

        public Task<ReconciliationResult<V1ConfigMap>> DeletedAsync(V1ConfigMap entity, CancellationToken cancellationToken) =>
            Task.FromResult(ReconciliationResult<V1ConfigMap>.Success(entity));
    }

    private sealed class Cleaner(FinalizingControllerTests test) : IEntityFinalizer<V1ConfigMap>
    {
        public Task<ReconciliationResult<V1ConfigMap>> FinalizeAsync(V1ConfigMap entity, CancellationToken cancellationToken)
        {
            test._log.Add("clean");
            return Task.FromResult(test._failure is { } failure
                ? ReconciliationResult<V1ConfigMap>.Failure(entity, failure)
                : ReconciliationResult<V1ConfigMap>.Success(entity));
        }
    }
}
